package ingest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"os"
)

// To put its log into the ledger DuckDB writes the blocks of its catalogue over, in their place, and only then the header that says that they
// count. A process that is killed in the middle of a block leaves half of the older one and half of the newer: a ledger that nobody can
// open. So what the blocks were is kept beside the ledger until all is done, and put back where it is not.

// headers is how much of the file says which blocks count, and blockSize what DuckDB writes at once.
const (
	headers   = 3 * 4096
	blockSize = 256 << 10
)

// undoName is the file that keeps the blocks.
func undoName(ledger string) string { return ledger + ".undo" }

// longLog is how many bytes of log are put into the ledger before the next file is read: a reader has to go through them.
const longLog = 256 << 20

// checkpoint puts the log into the ledger, where it has at least so many bytes. Where it cannot, for the disk is full, what was booked stands in
// the log, and the next ingest tries again.
func (l *Ledger) checkpoint(ctx context.Context, least int64) error {
	if info, err := os.Stat(l.Path + ".wal"); err != nil || info.Size() < least {
		return nil
	}
	if err := l.keepBlocks(ctx); err != nil {
		return err
	}
	if _, err := l.DB.ExecContext(ctx, "CHECKPOINT"); err != nil {
		return err
	}
	return os.Remove(undoName(l.Path))
}

// keepBlocks writes the headers and the blocks of the catalogue as they are: each with its number before it, and a hash after all.
func (l *Ledger) keepBlocks(ctx context.Context) error {
	r, err := l.own()
	if err != nil {
		return err
	}
	kept := make([]byte, headers)
	if _, err := r.ReadAt(kept, 0); err != nil {
		return err
	}
	rows, err := l.DB.QueryContext(ctx, "SELECT DISTINCT block_id FROM pragma_metadata_info() WHERE (SELECT block_size FROM pragma_database_size()) = ?", blockSize)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var block int64
		if err := rows.Scan(&block); err != nil {
			return err
		}
		data := make([]byte, blockSize)
		n, err := r.ReadAt(data, headers+block*blockSize)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if n == blockSize { // else it is not in the file yet
			kept = append(binary.LittleEndian.AppendUint64(kept, uint64(block)), data...)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	sum := sha256.Sum256(kept)
	return copyWhole(bytes.NewReader(append(kept, sum[:]...)), undoName(l.Path))
}

// undo puts back the blocks of a checkpoint that did not come to its end: then the headers are as they were. While somebody holds the ledger
// it is theirs to end it.
func undo(ledger string) error {
	if _, err := os.Stat(undoName(ledger)); err != nil {
		return nil
	}
	w, err := os.OpenFile(ledger, os.O_RDWR, 0)
	if err != nil {
		return nil // it cannot be mended from here; if it must be, DuckDB says what it finds
	}
	if !lockWhole(w) {
		return w.Close()
	}
	err = putBack(w, undoName(ledger))
	return errors.Join(err, w.Close())
}

func putBack(w *os.File, name string) error {
	kept, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil // somebody has just done it
	}
	if err != nil {
		return err
	}
	end := len(kept) - sha256.Size
	if end < headers || (end-headers)%(8+blockSize) != 0 {
		return errors.New("is not what aifinops wrote; remove it: " + name)
	}
	if sum := sha256.Sum256(kept[:end]); !bytes.Equal(sum[:], kept[end:]) {
		return errors.New("is not what aifinops wrote; remove it: " + name)
	}
	now := make([]byte, headers)
	if _, err := w.ReadAt(now, 0); err != nil {
		return err
	}
	if bytes.Equal(now, kept[:headers]) {
		for at := headers; at < end; at += 8 + blockSize {
			block := int64(binary.LittleEndian.Uint64(kept[at:]))
			if _, err := w.WriteAt(kept[at+8:at+8+blockSize], headers+block*blockSize); err != nil {
				return err
			}
		}
		if err := w.Sync(); err != nil {
			return err
		}
	}
	return os.Remove(name)
}

// own is the ledger's file, opened to be read. It stays open as long as the ledger: on Unix, to close any handle of a file gives up the
// lock that DuckDB has on it, and another process would write beside this one.
func (l *Ledger) own() (*os.File, error) {
	if l.file != nil {
		return l.file, nil
	}
	var err error
	l.file, err = os.Open(l.Path)
	return l.file, err
}
