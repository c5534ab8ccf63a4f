package polite

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// body reads an answer's body within all bounds: bytes as sent, bytes unpacked, the time
// for all of it, the time without a byte, and bytes a second.
func (g *Getter) body(ctx context.Context, cancel context.CancelCauseFunc, answer *http.Response, packed, unpacked int64) ([]byte, int64, error) {
	if answer.ContentLength > packed {
		return nil, 0, &Error{"", TooLarge, fmt.Errorf("the body has %d bytes, the bound is %d", answer.ContentLength, packed)}
	}
	end := time.AfterFunc(g.cfg.Body, func() {
		cancel(&Error{"", TooSlow, fmt.Errorf("the body took longer than %v", g.cfg.Body)})
	})
	defer end.Stop()
	still := time.AfterFunc(idle, func() { cancel(&Error{"", TooSlow, fmt.Errorf("the body stood still for %v", idle)}) })
	defer still.Stop()
	raw := &metered{src: answer.Body, most: packed, begun: time.Now(), rate: g.cfg.Rate, still: still}
	src, err := unpacker(answer.Header, raw)
	if err != nil {
		return nil, raw.n, err
	}
	var b bytes.Buffer
	_, err = io.Copy(&b, io.LimitReader(src, unpacked+1))
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, raw.n, context.Cause(ctx)
	case err != nil:
		return nil, raw.n, unpackError(answer.Header, err)
	case int64(b.Len()) > unpacked:
		return nil, raw.n, &Error{"", TooLarge, fmt.Errorf("the body unpacks to more than the bound of %d bytes (%d as sent)", unpacked, raw.n)}
	}
	return b.Bytes(), raw.n, nil
}

// metered counts, and refuses what is too much or too slow.
type metered struct {
	src   io.Reader
	n     int64
	most  int64
	begun time.Time
	rate  int64
	still *time.Timer
}

// Read passes on what comes in time.
func (m *metered) Read(p []byte) (int, error) {
	n, err := m.src.Read(p)
	m.n += int64(n)
	if n > 0 {
		m.still.Reset(idle)
	}
	if m.n > m.most {
		return 0, &Error{"", TooLarge, fmt.Errorf("the body is over the bound of %d bytes", m.most)}
	}
	if took := time.Since(m.begun); err == nil && took > grace && m.n < int64(took.Seconds())*m.rate {
		return 0, &Error{"", TooSlow, fmt.Errorf("%d bytes in %v; the least is %d bytes a second", m.n, took.Round(time.Second), m.rate)}
	}
	return n, err
}

// unpacker undoes the one encoding we offer. Two of them over each other are an attack.
func unpacker(h http.Header, raw io.Reader) (io.Reader, error) {
	switch encoding := strings.ToLower(strings.TrimSpace(strings.Join(h.Values("Content-Encoding"), ","))); encoding {
	case "", "identity":
		return raw, nil
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(raw)
		if err != nil {
			return nil, unpackError(h, err)
		}
		return z, nil
	case "deflate":
		return inflate(h, raw)
	default:
		return nil, &Error{"", Encoding, fmt.Errorf("it is packed as %.40q, which was not asked for", encoding)}
	}
}

// inflate reads deflate as the standard has it, in a zlib wrapper, and as some servers
// send it, without.
func inflate(h http.Header, raw io.Reader) (io.Reader, error) {
	head := bufio.NewReader(raw)
	if first, err := head.Peek(2); err == nil && first[0]&0x0f == 8 && (int(first[0])<<8|int(first[1]))%31 == 0 {
		z, err := zlib.NewReader(head)
		if err != nil {
			return nil, unpackError(h, err)
		}
		return z, nil
	}
	return flate.NewReader(head), nil
}

func unpackError(h http.Header, err error) error {
	if ReasonOf(err) != "" {
		return err
	}
	if h.Get("Content-Encoding") != "" {
		return &Error{"", Encoding, fmt.Errorf("it cannot be unpacked: %w", err)}
	}
	return err
}
