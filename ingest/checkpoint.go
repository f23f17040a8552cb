package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// longLog is how many bytes of log are put into the ledger before the next file is read: a reader has to go through them.
const longLog = 256 << 20

// A LogError says that what was booked is safe in the log beside the ledger, and could not be put into it.
type LogError struct {
	Path string // of the ledger
	Err  error
}

func (e *LogError) Error() string {
	return fmt.Sprintf("%s: what was booked stands in %[1]s.wal, and could not be put into the ledger: %v\nhint: keep the two files together; the next ingest tries again", e.Path, e.Err)
}

func (e *LogError) Unwrap() error { return e.Err }

// checkpoint puts the log into the ledger, where it has at least so many bytes. Where it cannot, for the disk is full, what was booked stands in
// the log, and the next ingest tries again. Once begun it is not stopped: it takes seconds, and to undo it takes as long.
func (l *Ledger) checkpoint(ctx context.Context, least int64) error {
	if l.failed {
		return nil // what the blocks are now is not to be kept
	}
	info, err := os.Stat(l.Path + ".wal")
	if errors.Is(err, os.ErrNotExist) || err == nil && info.Size() < least {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	if err == nil {
		err = l.keepBlocks(ctx)
	}
	if err != nil && !unshared(err) {
		return &LogError{l.Path, err}
	}
	if _, err := l.DB.ExecContext(ctx, "CHECKPOINT"); err != nil {
		l.failed = true
		return &LogError{l.Path, err}
	}
	if err := os.Remove(undoName(l.Path)); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// Close closes the ledger. Where it says a LogError, all that was booked is there.
func (l *Ledger) Close() error {
	var late error
	if l.writes {
		late = l.checkpoint(context.Background(), 1)
	}
	err := l.DB.Close()
	if l.file != nil {
		_ = l.file.Close() // it was only read
	}
	if l.failed {
		err = errors.Join(err, undo(l.Path, false))
	}
	return errors.Join(late, err)
}
