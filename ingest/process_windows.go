package ingest

import "os"

// private does nothing: a file has the rights of its folder here.
func private() {}

// bounded does nothing: there is no such limit here.
func bounded() {}

// lockWhole has nothing to do: what DuckDB writes nobody else can open to write.
func lockWhole(*os.File) bool { return true }

// syncFolder does nothing: a folder cannot be synced here, and NTFS keeps its names in order by a log of its own.
func syncFolder(string) error { return nil }
