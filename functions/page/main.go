// Command page is the Lambda function that answers the page of a port order, which a person opens by a link.
package main

import (
	crand "crypto/rand"
	"net/http"
	"time"

	"portway/internal/env"
	"portway/internal/page"
	"portway/internal/setup"
)

func main() {
	house := setup.New(env.OfProcess())
	files := house.Bucket()
	pages := page.New(page.Config{
		Book: house.Book, Links: house.Links(), Visits: house.Store, Accounts: house.Store, Carriers: house.Carriers(), Files: files,
		Post: &page.SES{From: house.Env.Address("MAIL_FROM"), Config: house.AWS, HTTP: &http.Client{Timeout: 10 * time.Second}, Now: time.Now},
		URL:  house.Env.OptionalURL("PAGE_URL"), Bucket: files.Origin(), Random: crand.Reader,
	})
	env.Start(house.Env, pages.Handle)
}
