package pgtest

import (
	"os/exec"
	"syscall"
)

// as lets a command run as another user. It dies with this process.
func as(cmd *exec.Cmd, who *identity, dir string) {
	cmd.Dir = dir
	cmd.Env = environment(dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if who != nil {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: who.uid, Gid: who.gid}
	}
}
