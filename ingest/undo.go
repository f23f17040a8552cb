package ingest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
)

// To put its log into the ledger DuckDB writes the blocks of its catalogue over, in their place, and only then the header that says that they
// count. A process that is killed in the middle of a block leaves half of the older one and half of the newer: a ledger that nobody can
// open. So what the blocks were is kept beside the ledger until all is done, and put back where it is not.
//
// Headers have no name of their ledger in them: those of two that were made and written as often are the same, bit by bit. Which ledger
// the blocks are of is told by the log as well. DuckDB adds a few bytes to it as a checkpoint begins, and removes it only when the new header is
// on the disk; a checkpoint without a log is never begun, and the folder is synced before one, so that a power cut leaves the log's name
// too. Where the headers are as they were and the log is another or none, somebody has put another ledger here, or has taken the
// log away: the blocks are of no use to what is there, and are removed.

// headersSize is how much of the file says which blocks count.
const headersSize = 3 * 4096

// A keptHead is what a file of kept blocks begins with. The blocks follow, each with its number before it, and a hash of all.
type keptHead struct {
	Headers   [headersSize]byte // of the ledger
	BlockSize int64
	LogSize   int64
	Log       [sha256.Size]byte // all of it. It is short, for DuckDB writes what is large into the ledger at once: 0.4 MB for a million records
}

// undoName is the file that keeps the blocks.
func undoName(ledger string) string { return ledger + ".undo" }

// keepBlocks writes the headers and the blocks of the catalogue as they are.
func (l *Ledger) keepBlocks(ctx context.Context) error {
	r, err := l.own()
	if err != nil {
		return err
	}
	var head keptHead
	if _, err := r.ReadAt(head.Headers[:], 0); err != nil {
		return err
	}
	// To close the log again gives up DuckDB's lock on it. Nobody comes to it but by the lock on the ledger.
	if head.LogSize, head.Log, err = hashOf(l.Path+".wal", math.MaxInt64); err != nil {
		return err
	}
	if err := l.DB.QueryRowContext(ctx, "SELECT block_size FROM pragma_database_size()").Scan(&head.BlockSize); err != nil {
		return err
	}
	numbers, err := l.catalogue(ctx)
	if err != nil {
		return err
	}
	return writeWhole(undoName(l.Path), func(w io.Writer) error { return head.write(w, r, numbers) })
}

// catalogue is the numbers of the blocks that hold it.
func (l *Ledger) catalogue(ctx context.Context) (numbers []int64, err error) {
	rows, err := l.DB.QueryContext(ctx, "SELECT DISTINCT block_id FROM pragma_metadata_info()")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		numbers = append(numbers, n)
	}
	return numbers, rows.Err()
}

func (k *keptHead) write(w io.Writer, ledger io.ReaderAt, numbers []int64) error {
	sum := sha256.New()
	both := io.MultiWriter(w, sum)
	if err := binary.Write(both, binary.LittleEndian, k); err != nil {
		return err
	}
	block := make([]byte, 8+k.BlockSize)
	for _, n := range numbers {
		binary.LittleEndian.PutUint64(block, uint64(n))
		_, err := ledger.ReadAt(block[8:], headersSize+n*k.BlockSize)
		if errors.Is(err, io.EOF) { // it is not in the file yet
			continue
		}
		if err == nil {
			_, err = both.Write(block)
		}
		if err != nil {
			return err
		}
	}
	_, err := w.Write(sum.Sum(nil))
	return err
}

// undo puts back the blocks of a checkpoint that did not come to its end: then the headers are as they were. While somebody holds the ledger
// it is theirs to end it. Who only reads goes on where they may not touch what is kept: DuckDB finds a block that is torn by its checksum.
func undo(ledger string, readOnly bool) error {
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
	err = putBack(w, ledger)
	if readOnly && errors.Is(err, fs.ErrPermission) {
		err = nil
	}
	return errors.Join(err, w.Close())
}

// putBack ends with all as it was before the checkpoint, or after it, and nothing kept.
func putBack(w *os.File, ledger string) error {
	name := undoName(ledger)
	r, err := os.Open(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil // somebody has just done it
	}
	if err == nil {
		err = errors.Join(putBackFrom(r, w, ledger), r.Close())
	}
	if err == nil {
		err = os.Remove(name)
	}
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w\nhint: it keeps what a checkpoint that was killed has written over; let somebody ingest who may read and remove it", err)
	}
	return err
}

func putBackFrom(r, w *os.File, ledger string) error {
	k, blocks, err := readKept(r)
	if err != nil {
		return err
	}
	if torn, err := k.isOf(w, ledger); err != nil || !torn {
		return err
	}
	block := make([]byte, 8+k.BlockSize)
	for {
		if _, err := io.ReadFull(blocks, block); errors.Is(err, io.EOF) {
			return w.Sync()
		} else if err != nil {
			return err
		}
		if _, err := w.WriteAt(block[8:], headersSize+int64(binary.LittleEndian.Uint64(block))*k.BlockSize); err != nil {
			return err
		}
	}
}

// readKept reads the head, and the blocks through to their hash, before any of them is believed.
func readKept(r *os.File) (k keptHead, blocks io.Reader, err error) {
	info, err := r.Stat()
	if err != nil {
		return k, nil, err
	}
	damaged := fmt.Errorf("%s: is damaged; the ledger itself may be whole\nhint: move that file away and try again", r.Name())
	head := int64(binary.Size(k))
	length := info.Size() - head - sha256.Size
	if length < 0 {
		return k, nil, damaged
	}
	sum := sha256.New()
	if err := binary.Read(io.TeeReader(r, sum), binary.LittleEndian, &k); err != nil {
		return k, nil, err
	}
	if _, err := io.CopyN(sum, r, length); err != nil {
		return k, nil, err
	}
	want := make([]byte, sha256.Size)
	if _, err := io.ReadFull(r, want); err != nil {
		return k, nil, err
	}
	if !bytes.Equal(sum.Sum(nil), want) || k.BlockSize <= 0 || length%(8+k.BlockSize) != 0 {
		return k, nil, damaged
	}
	return k, io.NewSectionReader(r, head, length), nil
}

// isOf says whether a ledger is the one that the blocks are of, with its checkpoint not at its end.
func (k *keptHead) isOf(w *os.File, ledger string) (bool, error) {
	now := make([]byte, headersSize)
	if _, err := w.ReadAt(now, 0); err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	if !bytes.Equal(now, k.Headers[:]) {
		return false, nil
	}
	size, log, err := hashOf(ledger+".wal", k.LogSize)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return size == k.LogSize && log == k.Log, err
}

// hashOf reads a file as far as so many bytes.
func hashOf(name string, most int64) (size int64, hash [sha256.Size]byte, err error) {
	r, err := os.Open(name)
	if err != nil {
		return 0, hash, err
	}
	defer r.Close()
	sum := sha256.New()
	size, err = io.Copy(sum, io.LimitReader(r, most))
	return size, [sha256.Size]byte(sum.Sum(nil)), err
}
