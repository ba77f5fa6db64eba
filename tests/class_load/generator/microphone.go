package main

import (
	"math/rand/v2"
	"time"

	lksdk "github.com/livekit/server-sdk-go/v2"
	"github.com/pion/webrtc/v4/pkg/media"
)

const (
	quietAtLeast = 10 * time.Second
	quietAtMost  = 30 * time.Second
	speaks       = 3 * time.Second
)

// loudness is what each packet says of itself, in dB under the loudest: by it the live server knows who speaks.
var loudness uint8 = 25

// microphone is muted most of the time; somebody in a class speaks now and then.
type microphone struct {
	packets [][]byte
}

func newMicrophone(packets [][]byte) *microphone {
	return &microphone{packets: packets}
}

func (m *microphone) run(track *lksdk.LocalTrack, publication *lksdk.LocalTrackPublication, gone <-chan struct{}) {
	for quiet := rand.N(quietAtMost); ; quiet = quietAtLeast + rand.N(quietAtMost-quietAtLeast) {
		select {
		case <-time.After(quiet):
		case <-gone:
			return
		}
		publication.SetMuted(false)
		m.speak(track, gone)
		publication.SetMuted(true)
	}
}

func (m *microphone) speak(track *lksdk.LocalTrack, gone <-chan struct{}) {
	tick := time.NewTicker(soundEvery)
	defer tick.Stop()
	began := time.Now()
	for said := time.Duration(0); said < speaks; said += soundEvery {
		packet := m.packets[int(said/soundEvery)%len(m.packets)]
		// The times of the packets are exact, whatever the ticks are.
		sample := media.Sample{Data: packet, Duration: soundEvery, Timestamp: began.Add(said)}
		_ = track.WriteSample(sample, &lksdk.SampleWriteOptions{AudioLevel: &loudness}) // see camera.run
		select {
		case <-tick.C:
		case <-gone:
			return
		}
	}
}
