// Command answer is the Lambda function that takes the notices of porting peers.
package main

import (
	"os"

	"portway/internal/lambdax"
	"portway/internal/peer"
	"portway/internal/peer/bandwidth"
	"portway/internal/peer/somos"
	"portway/internal/porting"
	"portway/internal/setup"
	"portway/internal/workflow"
)

func main() {
	house := setup.New()
	lambdax.Start((&workflow.Callback{
		Book: house.Book, Peers: house.Peers(),
		Read: map[string]func([]byte) (peer.Notice, error){"/peers/locals": bandwidth.ReadNotice,
			"/peers/somos": somos.ReadNotice},
		User: os.Getenv("HOOK_USER"), Password: porting.NewSecret(os.Getenv("HOOK_PASSWORD")),
	}).Handle)
}
