// Package alerttest has the other side of an alert's channels, for tests and drills: a mail
// server and a receiver of webhooks on this machine that speak the real protocols and can
// be told to refuse, to hang or to break off at any step. It never passes anything on. Read
// Mail and Hooks.
package alerttest

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strings"
	"sync"
	"time"
)

// Step is where a mail server is in its talk with a client.
type Step string

// The steps of SMTP.
const (
	StepConnect Step = "CONNECT"
	StepHello   Step = "EHLO"
	StepTLS     Step = "STARTTLS"
	StepMail    Step = "MAIL"
	StepTo      Step = "RCPT"
	StepData    Step = "DATA"
	StepDot     Step = "." // the message is complete
)

// Fault is what a mail server does at a step instead of what it should.
type Fault struct {
	Step  Step
	Reply string // e.g. "451 4.3.0 try later"; "": see Hang
	Keep  bool   // at StepDot: the message is kept all the same
	Hang  bool   // says nothing more until the server closes; otherwise, without a Reply, it breaks off
}

// Mailbox is a mail server that keeps what it is given.
type Mailbox struct {
	listener net.Listener
	tls      *tls.Config
	done     chan struct{}
	wait     sync.WaitGroup

	mu    sync.Mutex // guards what follows
	fault Fault
	mails []Mail
	conns map[net.Conn]bool
}

// Mail is a message as it arrived.
type Mail struct {
	From, To string
	Raw      string
	Secure   bool // over TLS
	At       time.Time
}

// Message reads the mail's header and body.
func (m Mail) Message() (*mail.Message, error) { return mail.ReadMessage(strings.NewReader(m.Raw)) }

// maxLine bounds one line of the talk; maxMail one message.
const (
	maxLine = 64 << 10
	maxMail = 4 << 20
)

// NewMailbox starts a mail server on a free port of this machine. With a configuration it
// offers STARTTLS.
func NewMailbox(config *tls.Config) (*Mailbox, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	m := &Mailbox{listener: listener, tls: config, done: make(chan struct{}), conns: map[net.Conn]bool{}}
	m.wait.Go(m.accept)
	return m, nil
}

// Address is host:port of the server.
func (m *Mailbox) Address() string { return m.listener.Addr().String() }

// Close ends the server and every talk, and waits for them.
func (m *Mailbox) Close() error {
	close(m.done)
	err := m.listener.Close()
	m.mu.Lock()
	for conn := range m.conns {
		conn.Close()
	}
	m.mu.Unlock()
	m.wait.Wait()
	return err
}

// Fail makes the server fail from now on; the zero Fault makes it well again.
func (m *Mailbox) Fail(f Fault) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fault = f
}

// Mails are the messages kept so far.
func (m *Mailbox) Mails() []Mail {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]Mail(nil), m.mails...)
}

func (m *Mailbox) accept() {
	for {
		conn, err := m.listener.Accept()
		if err != nil {
			return
		}
		m.mu.Lock()
		m.conns[conn] = true
		m.mu.Unlock()
		m.wait.Go(func() {
			talk := &talk{box: m, conn: conn, in: bufio.NewReaderSize(conn, maxLine)}
			talk.run()
			conn.Close()
			m.mu.Lock()
			delete(m.conns, conn)
			m.mu.Unlock()
		})
	}
}

// talk is one connection.
type talk struct {
	box    *Mailbox
	conn   net.Conn
	in     *bufio.Reader
	secure bool
	mail   Mail
}

var errBroken = errors.New("the talk is broken off")

func (t *talk) run() {
	if t.reply(StepConnect, "220 sink ESMTP") != nil {
		return
	}
	for {
		line, err := t.in.ReadString('\n')
		if err != nil {
			return
		}
		if err := t.command(strings.TrimRight(line, "\r\n")); err != nil {
			return
		}
	}
}

// reply says what the step should, or does what the server was told to do there.
func (t *talk) reply(step Step, line string) error {
	t.box.mu.Lock()
	fault := t.box.fault
	t.box.mu.Unlock()
	if fault.Step != step {
		_, err := fmt.Fprintf(t.conn, "%s\r\n", line)
		return err
	}
	if fault.Reply != "" {
		_, err := fmt.Fprintf(t.conn, "%s\r\n", fault.Reply)
		return errors.Join(err, map[bool]error{true: errBroken}[step == StepConnect])
	}
	if fault.Hang {
		<-t.box.done
	}
	return errBroken
}

func (t *talk) command(line string) error {
	verb, rest, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "EHLO", "HELO":
		if t.box.tls != nil && !t.secure {
			return t.reply(StepHello, "250-sink\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250 STARTTLS")
		}
		return t.reply(StepHello, "250-sink\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME")
	case "STARTTLS":
		return t.startTLS()
	case "MAIL":
		t.mail = Mail{From: address(rest), Secure: t.secure}
		return t.reply(StepMail, "250 2.1.0 ok")
	case "RCPT":
		t.mail.To = address(rest)
		return t.reply(StepTo, "250 2.1.5 ok")
	case "DATA":
		return t.data()
	case "RSET", "NOOP":
		return t.reply("", "250 2.0.0 ok")
	case "QUIT":
		_ = t.reply("", "221 2.0.0 bye")
		return errBroken
	}
	return t.reply("", "502 5.5.1 not known")
}

// address is what stands between the angle brackets of MAIL FROM and RCPT TO.
func address(rest string) string {
	_, rest, _ = strings.Cut(rest, "<")
	out, _, _ := strings.Cut(rest, ">")
	return out
}

func (t *talk) startTLS() error {
	if t.box.tls == nil {
		return t.reply("", "502 5.5.1 not offered")
	}
	if err := t.reply(StepTLS, "220 2.0.0 go on"); err != nil {
		return err
	}
	secure := tls.Server(t.conn, t.box.tls)
	t.conn, t.in, t.secure = secure, bufio.NewReaderSize(secure, maxLine), true
	return nil
}

func (t *talk) data() error {
	before := t.box.kind(StepData)
	if err := t.reply(StepData, "354 go on"); err != nil || before {
		return err
	}
	var text strings.Builder
	for {
		line, err := t.in.ReadString('\n')
		if err != nil || text.Len() > maxMail {
			return errBroken
		}
		if line == ".\r\n" {
			break
		}
		text.WriteString(strings.TrimPrefix(line, "."))
	}
	t.mail.Raw, t.mail.At = text.String(), time.Now()
	t.box.mu.Lock()
	if t.box.fault.Step != StepDot || t.box.fault.Keep {
		t.box.mails = append(t.box.mails, t.mail)
	}
	t.box.mu.Unlock()
	return t.reply(StepDot, "250 2.0.0 kept")
}

// kind says whether the server was told to refuse a step with a reply.
func (m *Mailbox) kind(s Step) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.fault.Step == s && m.fault.Reply != ""
}
