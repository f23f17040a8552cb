package ingest

import (
	"errors"
	"os"
	"syscall"
)

// private does nothing: a file has the rights of its folder here.
func private() {}

// bounded does nothing: there is no such limit here.
func bounded() {}

// lockWhole has nothing to do: what DuckDB writes nobody else can open to write.
func lockWhole(*os.File) bool { return true }

// syncFolder does nothing: a folder cannot be synced here, and NTFS keeps its names in order by a log of its own.
func syncFolder(string) error { return nil }

// unshared says whether a file could not be opened for DuckDB has it and shares it with nobody. What a checkpoint writes over cannot be kept then,
// and a kill in its middle costs the ledger; to leave all in the log, which would grow for ever, is worse.
func unshared(err error) bool {
	const sharingViolation = syscall.Errno(32)
	return errors.Is(err, sharingViolation)
}
