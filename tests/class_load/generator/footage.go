package main

import (
	"errors"
	"time"
)

const (
	pictureEvery = 200 * time.Millisecond
	soundEvery   = 20 * time.Millisecond
)

// footage is what everybody sends: encoded already, so that sending costs next to nothing.
type footage struct {
	Width    int        `json:"width"`
	Height   int        `json:"height"`
	Pictures [][][]byte `json:"pictures"` // loops of VP8 frames, of which each one begins with a key frame
	Sounds   [][]byte   `json:"sounds"`   // Opus packets of 20 ms: what somebody says when she speaks
}

func (f footage) check() error {
	if f.Width == 0 || f.Height == 0 || len(f.Pictures) == 0 || len(f.Sounds) == 0 {
		return errors.New("no size, pictures or sounds in the file of pictures")
	}
	for _, loop := range f.Pictures {
		if len(loop) == 0 || len(loop[0]) == 0 {
			return errors.New("an empty loop of pictures")
		}
		// Frame header of VP8 (RFC 6386, 9.1): the first bit is 0 in a key frame.
		if loop[0][0]&1 != 0 {
			return errors.New("a loop of pictures does not begin with a key frame")
		}
	}
	return nil
}
