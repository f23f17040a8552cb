package ingest

// private does nothing: a file has the rights of its folder here.
func private() {}

// bounded does nothing: there is no such limit here.
func bounded() {}
