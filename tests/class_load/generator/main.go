// class-generator: synthetic participants of one class, for measuring what a class costs; see README.md.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"runtime/debug"
	"sync"
	"time"
)

const (
	// Collecting garbage four times as seldom costs some 20 MB and gives the class the cores that it needs.
	garbagePercent = 400
	leaveWithin    = 10 * time.Second
)

// received is what each participant was sent since it was asked last, in the order of PEOPLE.json.
type received struct {
	Seconds  float64  `json:"seconds"`
	Pictures []uint64 `json:"pictures"`
	Sounds   []uint64 `json:"sounds"`
}

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "class-generator:", err)
		os.Exit(1)
	}
}

func run(args []string, asked io.Reader, answers io.Writer) error {
	if len(args) != 3 {
		return fmt.Errorf("usage: class-generator URL PEOPLE.json PICTURES.json")
	}
	debug.SetGCPercent(garbagePercent)
	log.SetOutput(io.Discard) // the SDK's own lines: some fifty for each who comes

	var people []person
	if err := readJSON(args[1], &people); err != nil {
		return err
	}
	var loops footage
	if err := readJSON(args[2], &loops); err != nil {
		return err
	}
	if err := loops.check(); err != nil {
		return err
	}

	class := make([]*participant, len(people))
	for number, who := range people {
		class[number] = newParticipant(number, who, loops)
	}
	say := json.NewEncoder(answers)
	if err := say.Encode(allCome(class, args[0])); err != nil {
		return err
	}
	if err := answer(class, asked, say); err != nil {
		return err
	}
	allLeave(class)
	return nil
}

// allCome lets all of them in at once, and returns the seconds that each took, nil for who did not get in.
func allCome(class []*participant, url string) []*float64 {
	took := make([]*float64, len(class))
	each(class, func(one *participant) {
		began := time.Now()
		if err := one.come(url); err != nil {
			fmt.Fprintf(os.Stderr, "participant %d did not get in: %v\n", one.number, err)
			return
		}
		seconds := time.Since(began).Seconds()
		took[one.number] = &seconds
	})
	return took
}

// answer says for each line of standard input what has been received since the last one, until the input ends.
func answer(class []*participant, asked io.Reader, say *json.Encoder) error {
	last := time.Now()
	for lines := bufio.NewScanner(asked); lines.Scan(); {
		now := time.Now()
		got := received{Seconds: now.Sub(last).Seconds()}
		last = now
		for _, one := range class {
			got.Pictures = append(got.Pictures, one.pictures.Swap(0))
			got.Sounds = append(got.Sounds, one.sounds.Swap(0))
		}
		if err := say.Encode(got); err != nil {
			return err
		}
	}
	return nil
}

func allLeave(class []*participant) {
	left := make(chan struct{})
	go func() {
		each(class, (*participant).leave)
		close(left)
	}()
	select {
	case <-left:
	case <-time.After(leaveWithin):
		fmt.Fprintln(os.Stderr, "class-generator: not all left in time")
	}
}

// each does the same for all of them at once, and returns when it is done for all.
func each(class []*participant, do func(*participant)) {
	var all sync.WaitGroup
	all.Add(len(class))
	for _, one := range class {
		go func() {
			defer all.Done()
			do(one)
		}()
	}
	all.Wait()
}

func readJSON(path string, into any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
