package main

import (
	"embed"
	"io/fs"
)

// The prefix all: takes the files whose names begin with an underscore, too: SvelteKit's _app.
//
//go:embed all:frontend/dist
var dist embed.FS

// pages is the compiled frontend; empty but for a placeholder until it was built.
func pages() fs.FS {
	sub, err := fs.Sub(dist, "frontend/dist")
	if err != nil {
		panic(err) // the path is a constant that embed has checked
	}
	return sub
}
