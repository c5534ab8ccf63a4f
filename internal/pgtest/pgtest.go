// Package pgtest runs a real PostgreSQL for tests: one cluster a test binary, one
// database a test, started from the system's package as a direct child process.
//
// It never listens on a network address, never touches a server that is already
// running, and knows nothing of what is stored in it.
//
// A test binary makes one Cluster, closes it in TestMain, and calls Database in each
// test. Where PostgreSQL is not installed the test is skipped; with CI=true it fails.
package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver of the administrator's connection
)

// startTimeout bounds initdb and the first answer of the server.
const startTimeout = 60 * time.Second

// ErrAbsent says that PostgreSQL is not installed.
var ErrAbsent = errors.New("no PostgreSQL under /usr/lib/postgresql; install it with: apt-get install postgresql")

// Cluster is a server that is started by the first test that asks for a database.
type Cluster struct {
	mu      sync.Mutex // guards all below; held while the server starts
	err     error
	started bool
	dir     string
	server  *exec.Cmd
	exited  chan error
	admin   *sql.DB
	count   int
}

// Database makes a database of its own for the test and gives its address. It goes
// with the cluster: dropping each would cost a checkpoint.
func (c *Cluster) Database(t testing.TB) string {
	t.Helper()
	name, err := c.create(t.Context())
	if errors.Is(err, ErrAbsent) && os.Getenv("CI") != "true" {
		t.Skipf("PostgreSQL not tested: %v", err)
	}
	if err != nil {
		t.Fatalf("PostgreSQL: %v", err)
	}
	return c.address(name)
}

func (c *Cluster) create(ctx context.Context) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.started {
		c.started = true
		c.err = c.start(ctx)
	}
	if c.err != nil {
		return "", c.err
	}
	c.count++
	name := fmt.Sprintf("test_%d", c.count)
	_, err := c.admin.ExecContext(ctx, "CREATE DATABASE "+name+" ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0")
	return name, err
}

func (c *Cluster) address(database string) string {
	q := url.Values{"host": {c.dir}, "user": {"truce"}}
	return "postgres:///" + database + "?" + q.Encode()
}

// Close ends the server and removes its folder. Without a server it does nothing.
func (c *Cluster) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var err error
	if c.admin != nil {
		err = c.admin.Close()
	}
	if c.server != nil {
		// SIGINT is the fast shutdown: sessions are ended, the cluster is left whole.
		err = errors.Join(err, c.server.Process.Signal(syscall.SIGINT), c.wait())
		c.server = nil
	}
	if c.dir != "" {
		err = errors.Join(err, os.RemoveAll(c.dir))
	}
	return err
}

func (c *Cluster) wait() error {
	select {
	case err := <-c.exited:
		return err
	case <-time.After(startTimeout):
		return errors.Join(errors.New("the server did not end"), c.server.Process.Kill())
	}
}

func (c *Cluster) start(ctx context.Context) error {
	bin, err := binaries()
	if err != nil {
		return err
	}
	who, err := owner()
	if err != nil {
		return err
	}
	if err := c.makeFolder(who); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), startTimeout)
	defer cancel()
	data := filepath.Join(c.dir, "data")
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", data, "-U", "truce", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
	as(initdb, who, c.dir)
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	if err := c.serve(bin, data, who); err != nil {
		return err
	}
	return c.connect(ctx)
}

// serve starts the server with fsync on, because commits are what the tests are about.
func (c *Cluster) serve(bin, data string, who *identity) error {
	server := exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-k", c.dir, "-c", "listen_addresses=",
		"-c", "fsync=on", "-c", "max_connections=200", "-c", "shared_buffers=64MB", "-c", "log_min_messages=fatal")
	as(server, who, c.dir)
	log, err := os.Create(filepath.Join(c.dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	server.Stdout, server.Stderr = log, log
	if err := server.Start(); err != nil {
		return err
	}
	c.server, c.exited = server, make(chan error, 1)
	go func() { c.exited <- server.Wait() }() // ends with the server, in Close
	return nil
}

// connect asks until the server answers.
func (c *Cluster) connect(ctx context.Context) error {
	admin, err := sql.Open("pgx", c.address("postgres"))
	if err != nil {
		return err
	}
	c.admin = admin
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := admin.PingContext(ctx)
		if err == nil {
			return nil
		}
		select {
		case ended := <-c.exited:
			c.server = nil
			text, _ := os.ReadFile(filepath.Join(c.dir, "log"))
			return fmt.Errorf("the server ended: %v: %s", ended, text)
		case <-ctx.Done():
			return fmt.Errorf("the server does not answer: %w", err)
		case <-tick.C:
		}
	}
}

// binaries is the folder of the newest installed version.
func binaries() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", ErrAbsent
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
		return n
	}
	newest := slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })
	return filepath.Dir(newest), nil
}

// identity is the user and group a command runs as.
type identity struct{ uid, gid uint32 }

// owner is whom the server runs as: initdb refuses root, so root lends the user
// postgres or, where there is none, nobody. nil means the present user.
func owner() (*identity, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		if who, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, err := strconv.ParseUint(who.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(who.Gid, 10, 32)
	return &identity{uid: uint32(uid), gid: uint32(gid)}, err
}

// makeFolder makes a short folder (a socket's path is at most 107 bytes) that the
// server's user can reach: a test's own folder lies under one that only root may enter.
func (c *Cluster) makeFolder(who *identity) (err error) {
	if c.dir, err = os.MkdirTemp("/tmp", "pg"); err != nil || who == nil {
		return err
	}
	return os.Chown(c.dir, int(who.uid), int(who.gid))
}

func environment(home string) []string {
	return []string{"LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin", "HOME=" + home}
}
