// Command answer is the Lambda function that takes the notices of porting peers.
package main

import (
	"portway/internal/access"
	"portway/internal/env"
	"portway/internal/peer"
	"portway/internal/peer/bandwidth"
	"portway/internal/peer/somos"
	"portway/internal/provision"
	"portway/internal/setup"
	"portway/internal/workflow"
)

func main() {
	house := setup.New(env.OfProcess())
	env.Start(house.Env, (&workflow.Callback{
		Book: house.Book, Peers: house.Peers(),
		Read: map[string]func([]byte) (peer.Notice, error){access.LocalsPath: bandwidth.ReadNotice,
			access.SomosPath: somos.ReadNotice},
		Late: (&provision.Asker{Book: house.Book}).TakeLate,
	}).Handle)
}
