package main

import (
	"math/rand/v2"
	"sync/atomic"
	"time"

	lksdk "github.com/livekit/server-sdk-go/v2"
	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4/pkg/media"
)

// camera shows a loop of encoded pictures again and again.
type camera struct {
	loop [][]byte
	anew atomic.Bool
}

func newCamera(loop [][]byte) *camera {
	return &camera{loop: loop}
}

// hear begins the loop anew when somebody who sees it for the first time, or lost something, asks for a key frame.
func (c *camera) hear(packet rtcp.Packet) {
	switch packet.(type) {
	case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
		c.anew.Store(true)
	}
}

func (c *camera) run(track *lksdk.LocalTrack, gone <-chan struct{}) {
	// Cameras of different people do not take their pictures in the same moment.
	select {
	case <-time.After(rand.N(pictureEvery)):
	case <-gone:
		return
	}
	tick := time.NewTicker(pictureEvery)
	defer tick.Stop()
	for at := 0; ; at++ {
		if c.anew.Swap(false) || at == len(c.loop) {
			at = 0
		}
		// What cannot be sent (the line is just being made anew) is lost, as a camera's picture is.
		_ = track.WriteSample(media.Sample{Data: c.loop[at], Duration: pictureEvery, Timestamp: time.Now()}, nil)
		select {
		case <-tick.C:
		case <-gone:
			return
		}
	}
}
