package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"sync/atomic"

	"github.com/livekit/protocol/livekit"
	lksdk "github.com/livekit/server-sdk-go/v2"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// silence begins the Opus packets that the live server itself sends for somebody who is muted.
var silence = []byte{0xf8, 0xff, 0xfe}

// person is who comes: her seat's token, and the roles whose pictures and sounds she wants.
type person struct {
	Token string   `json:"token"`
	Hears []string `json:"hears"`
}

// participant is one person in the class, with a camera that runs and a microphone that is muted until she speaks.
type participant struct {
	number   int
	who      person
	loops    footage
	room     *lksdk.Room
	gone     chan struct{}
	leaving  atomic.Bool
	pictures atomic.Uint64 // received whole since asked last
	sounds   atomic.Uint64 // packets
}

func newParticipant(number int, who person, loops footage) *participant {
	return &participant{number: number, who: who, loops: loops, gone: make(chan struct{})}
}

// come returns when she is in the class and it knows her camera and her microphone. The SDK gives up after 15 s.
func (p *participant) come(url string) error {
	callback := &lksdk.RoomCallback{
		OnDisconnectedWithReason: func(reason lksdk.DisconnectionReason) {
			if !p.leaving.Load() {
				fmt.Fprintf(os.Stderr, "participant %d is out of the class: %s\n", p.number, reason)
			}
		},
		ParticipantCallback: lksdk.ParticipantCallback{
			OnTrackPublished:  p.choose,
			OnTrackSubscribed: p.receive,
		},
	}
	room, err := lksdk.ConnectToRoomWithToken(
		url, p.who.Token, callback, lksdk.WithAutoSubscribe(false), lksdk.WithDisableRegionDiscovery(),
	)
	if err != nil {
		return err
	}
	p.room = room
	if err := p.publish(); err != nil {
		p.leave()
		return err
	}
	return nil
}

// leave says goodbye to the class.
func (p *participant) leave() {
	if p.room == nil || p.leaving.Swap(true) {
		return
	}
	close(p.gone)
	p.room.Disconnect()
}

func (p *participant) choose(publication *lksdk.RemoteTrackPublication, of *lksdk.RemoteParticipant) {
	if !slices.Contains(p.who.Hears, of.Attributes()["role"]) {
		return
	}
	if err := publication.SetSubscribed(true); err != nil {
		fmt.Fprintf(os.Stderr, "participant %d cannot subscribe: %v\n", p.number, err)
	}
}

// receive counts, and decodes nothing: what is measured is the class, not a player.
func (p *participant) receive(track *webrtc.TrackRemote, _ *lksdk.RemoteTrackPublication, _ *lksdk.RemoteParticipant) {
	buffer := make([]byte, 1500)
	video := track.Kind() == webrtc.RTPCodecTypeVideo
	go func() {
		var latest uint32 // time of the last picture counted
		for {
			n, _, err := track.Read(buffer)
			if err != nil {
				return // the track ended, or she left
			}
			var packet rtp.Packet
			if packet.Unmarshal(buffer[:n]) != nil || len(packet.Payload) == 0 {
				continue
			}
			switch {
			case video && packet.Marker: // the last packet of a picture
				if int32(packet.Timestamp-latest) > 0 || latest == 0 { // and not one sent again
					latest = packet.Timestamp
					p.pictures.Add(1)
				}
			case !video && !bytes.HasPrefix(packet.Payload, silence):
				p.sounds.Add(1)
			}
		}
	}()
}

func (p *participant) publish() error {
	camera, microphone := newCamera(p.loops.Pictures[p.number%len(p.loops.Pictures)]), newMicrophone(p.loops.Sounds)
	pictures, err := lksdk.NewLocalTrack(
		webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90_000}, lksdk.WithRTCPHandler(camera.hear),
	)
	if err != nil {
		return err
	}
	sound, err := lksdk.NewLocalTrack(
		webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48_000, Channels: 2},
	)
	if err != nil {
		return err
	}
	if _, err := p.room.LocalParticipant.PublishTrack(pictures, &lksdk.TrackPublicationOptions{
		Name: "camera", Source: livekit.TrackSource_CAMERA, VideoWidth: p.loops.Width, VideoHeight: p.loops.Height,
	}); err != nil {
		return fmt.Errorf("camera: %w", err)
	}
	voice, err := p.room.LocalParticipant.PublishTrack(sound, &lksdk.TrackPublicationOptions{
		Name: "microphone", Source: livekit.TrackSource_MICROPHONE,
	})
	if err != nil {
		return fmt.Errorf("microphone: %w", err)
	}
	voice.SetMuted(true)
	go camera.run(pictures, p.gone)
	go microphone.run(sound, voice, p.gone)
	return nil
}
