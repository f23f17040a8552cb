package ingest

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"slices"
	"time"
)

// hash reads the whole file once: the same bytes are the same export, whatever the name. What is
// compressed is decompressed on the way, for DuckDB takes a truncated file for a short one, or never ends.
func (o *opened) hash() error {
	f, err := os.Open(o.File)
	if err != nil {
		return err
	}
	defer f.Close()
	if o.size, o.written, err = o.stat(); err != nil {
		return err
	}
	sum := sha256.New()
	raw := bufio.NewReaderSize(io.TeeReader(f, sum), 1<<20)
	magic, err := raw.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		o.compression = "gzip"
	case bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		o.compression = "zstd"
	}
	if err := o.tryInflate(raw); err != nil {
		return err
	}
	beyond := io.Discard
	if o.compression == "none" {
		beyond = &o.encoding
	}
	if _, err := io.Copy(beyond, raw); err != nil {
		return err
	}
	for _, file := range o.Beside {
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		_, err = io.Copy(sum, f)
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	o.sha256 = hex.EncodeToString(sum.Sum(nil))
	return o.refuseChanged()
}

// stat is how many bytes the file has, and when the last of them were written.
func (o *opened) stat() (size int64, written time.Time, err error) {
	for _, file := range append([]string{o.File}, o.Beside...) {
		info, err := os.Stat(file)
		if err != nil {
			return 0, written, err
		}
		size += info.Size()
		written = slices.MaxFunc([]time.Time{written, info.ModTime()}, time.Time.Compare)
	}
	return size, written, nil
}

// refuseChanged sees that the file is still the one that was hashed: somebody may be writing it, or have taken it away.
func (o *opened) refuseChanged() error {
	size, written, err := o.stat()
	switch {
	case errors.Is(err, os.ErrNotExist):
		return errors.New("was taken away while it was read; nothing is booked")
	case err != nil:
		return err
	case size != o.size || !written.Equal(o.written):
		return errors.New("changed while it was read; nothing is booked\nhint: ingest it again when it is written whole")
	}
	return nil
}
