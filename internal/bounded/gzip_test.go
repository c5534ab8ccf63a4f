package bounded

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"
)

func packed(t *testing.T, size int64, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := io.Copy(z, io.LimitReader(repeat(text), size)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func unpack(doc []byte, lim UnpackLimits) (int64, error) {
	r, err := Unpack(bytes.NewReader(doc), lim)
	if err != nil {
		return 0, err
	}
	return io.Copy(io.Discard, r)
}

func TestUnpackPassesPlainBytes(t *testing.T) {
	for _, in := range []string{"", "a", "plain text", "\x1f", "P"} {
		r, err := Unpack(strings.NewReader(in), UnpackLimits{})
		if err != nil {
			t.Fatal(err)
		}
		if out, err := io.ReadAll(r); err != nil || string(out) != in {
			t.Errorf("%q became %q, %v", in, out, err)
		}
	}
}

func TestUnpackBounds(t *testing.T) {
	small := packed(t, 3<<20, "a,b,1,2\n")
	var limit *LimitError
	if n, err := unpack(small, UnpackLimits{Bytes: 3 << 20, Ratio: 1100}); err != nil || n != 3<<20 {
		t.Errorf("on the bound: %d bytes, %v", n, err)
	}
	if _, err := unpack(small, UnpackLimits{Bytes: 3<<20 - 1, Ratio: 1100}); !errors.As(err, &limit) || !strings.Contains(limit.What, "size") {
		t.Errorf("a byte over: %v", err)
	}
	bomb := packed(t, 64<<20, "\x00")
	n, err := unpack(bomb, UnpackLimits{})
	if !errors.As(err, &limit) || limit.Limit != MaxRatio {
		t.Errorf("bomb of ratio %d: %v", (64<<20)/len(bomb), err)
	}
	if n > 2*RatioSlack {
		t.Errorf("%d bytes of the bomb came out before the refusal", n)
	}
	if _, err := unpack(packed(t, RatioSlack, "\x00"), UnpackLimits{}); err != nil {
		t.Errorf("a short input of high ratio: %v", err)
	}
}

func TestUnpackLeavesInnerLayersAlone(t *testing.T) {
	inner := packed(t, 100, "x")
	var twice bytes.Buffer
	z := gzip.NewWriter(&twice)
	z.Write(inner)
	z.Close()
	r, err := Unpack(&twice, UnpackLimits{})
	if err != nil {
		t.Fatal(err)
	}
	if out, _ := io.ReadAll(r); !bytes.Equal(out, inner) {
		t.Error("a second layer was unpacked")
	}
}

func TestUnpackRefusesArchivesAndBrokenGzip(t *testing.T) {
	for _, magic := range []string{"PK\x03\x04....", "7z\xbc\xaf\x27\x1c..", "\xfd7zXZ\x00", "BZh91AY", "\x28\xb5\x2f\xfd.."} {
		if _, err := unpack([]byte(magic), UnpackLimits{}); !errors.Is(err, ErrArchive) {
			t.Errorf("%q: %v, want ErrArchive", magic, err)
		}
	}
	if _, err := unpack([]byte("\x1f\x8b not gzip"), UnpackLimits{}); err == nil {
		t.Error("a false gzip header was accepted")
	}
	whole := packed(t, 1000, "abc")
	if _, err := unpack(whole[:len(whole)-4], UnpackLimits{}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("cut gzip: %v", err)
	}
}
