// Package api is the customer's HTTP API: Flowroute's Porting API v2.0 on the wire, our order book behind it. It reads
// top down: [API.Handle] guards, routes and answers; each handler reads a body into one command or one read; problem.go
// writes what went wrong.
//
// Where the public pages are silent or contradict each other, this is our decision:
//
//   - Create answers 201 with data.type portorder_group, its id, attributes.status (the group's summary), attributes.orders.data
//     (the orders, each a full port order object) and links.self (D-CRE, D-HOOK).
//   - Signing the LOA answers 201 with the order (D-LOA); D-SLO says an empty body, and a client that expects one ignores it.
//   - A rejected order is sent again by PATCHing its status to review, or by signing the LOA again.
//   - Cancelling is taken on /portorders/{order} and on /portorders/{order}/status, as cancelled and as canceled (D-CAN). A status
//     is changed in a call of its own.
//   - A details PATCH with presets in it is one change: refused as a whole while details may not change.
//   - An account without orders gets an empty list with 200, not 404: no orders is not an error, and a client that pages
//     needs no special case.
//   - links.next of a list carries an opaque cursor, which goes on behind the last order shown, whatever was added meanwhile;
//     offset is taken as documented, but not both.
//   - The portability check lists what is written like a number and can be none (212-555-1212) among the nonportable, as the
//     documents' example does; anywhere else such a number is a fault.
//   - Orders are listed newest first. order_by takes the documented names, and created_date, with commas or repeated, descending
//     with a minus before them. Only time is in the index, so at most 1,000 orders can be sorted: more are a 422, which asks to
//     narrow them down. It goes with offset, not with cursor.
//   - numbers are E.164 texts. number_states tells where each of them stands.
//   - Documents are numbered within their order (D-DET's example does). business_documents lists them as {type: portorder-file, id,
//     attributes, links}, in the newer form of D-DET without its inner data; status there is uploaded or failed once a document is
//     settled, pending or processing before. The file calls say pending, processing, complete or error (D-PUL). A reason in plain
//     words, kind and dated (the day the document was issued) are ours. The signed letter of agency is a document of kind loa.
//   - upload_file answers with url and expires, type portorder-file-url (the newer revision of D-UPL). The PUT has to send the
//     headers that are named; a size (ours) is signed too. What has come is checked by what is in it, and the file call tells how
//     that went; a URL serves for a quarter of an hour, and an upload that did not come until then has failed.
//   - A document is of kind bill unless kind says otherwise: the documented calls know no kinds, and bring bills (S-DOC).
//   - A file is pulled after the answer, from public addresses alone, and without following redirects; original_url loses its query
//     when it has served, since that may be a key.
//   - business_documents at create are URLs to pull, or objects with url, kind and dated; each order that is made gets all of them.
//   - comments are {id, at, by, text}, the latest 100, oldest first. earlier_comments is the URL of those before them, or null.
//     /portorders/{order}/comments reads and writes them (our own).
//   - What grows with time comes in pages: comments, mails and files begin with the latest entries, in their own order, and
//     links.next leads to the earlier ones; events go forward. A page has at most 200 entries, and ends sooner where they are
//     large. Of an order's documents, business_documents shows the latest 100. A group has at most 200 orders when another one
//     joins it.
//   - provider_account, pin and last_4_ssn never leave us: they read "" when absent and [Mask] when present. Sending the mask
//     back changes nothing; on create it is a fault.
//   - billing_address nests what requests send flat: street, street2, city, state, zip, country (the service address).
//   - A text that is null is the empty text; sending it clears an optional attribute.
//   - Every read and write of an order carries its version as ETag. If-Match makes a write conditional: another version is a
//     412. Without it, a write that loses the race for the order time and again is a 409, stale_version.
//   - Every call that changes something takes an Idempotency-Key, quoted or bare, at most 255 characters, kept for 24 hours
//     and per account. A repeated request gets the first answer byte by byte with Idempotency-Replayed: true; the key with
//     another request (path, body or If-Match) is a 422, while the first one runs a 409. A 5xx and a lost race (409
//     stale_version) are not kept.
//   - validate_only=true makes any changing call a dry run: 200 with the body of the real answer, meta.validated true, and no
//     id, link or ETag that does not exist yet. Numbers on live orders are a 409 there too; the balance is not looked at, since
//     the fee is taken later. A dry run heeds no Idempotency-Key.
//   - on_unportable at create is fail (documented: all or nothing) or exclude: the portable numbers go on, the others are listed
//     in attributes.excluded with reason and detail. A number on another live order is a 409 either way.
//   - Numbers join a group by /portorders/{group}/numbers, as numbers or as add: each goes to a pending order of its kind, country
//     and carrier, the rest on new orders, all or none. 200 with the group and those of its orders that took numbers. A new
//     order has the details and presets of the group's first order but not its provider_account, pin and last_4_ssn, which are
//     sealed under that order's own name: they may be sent beside the numbers (they serve new orders alone), and what is still
//     wanting is named in attributes.missing.
//   - /portorders/{order}/events is the order's whole history by sequence number (the version that each change made), paged by
//     after and limit. /v2/events is the same over all orders of the account, for a client that lost its webhooks: it pages by
//     links.next and comes back with meta.resume. Each event comes at least once, and always with the same id.
//   - /portorders/{order}/explain says whose turn it is, what comes and when at the latest, what the customer can call now, and for
//     a rejection the plan of fixes; POST /portorders/{order}/fixes/{fix} applies one, as an edit, and does not resubmit. A fix never
//     tells or takes a secret: an account number that differs is the customer's to send.
//   - /v2/account/webhooks are servers of the customer that are told beside status_url, by types: 10 at most. The secret is shown in the
//     answer that makes it and never again, so an Idempotency-Key does not repeat that answer (409, idempotency_answer_not_kept).
//     /v2/account/webhooks/status_url stands for the orders' own URLs: it has deliveries and can be given a secret (POST …/secret),
//     without which they are not signed; it can't be changed, pinged or deleted. What a paused webhook misses is listed, and sent when
//     it is replayed; a replay, and a ping, is 202 with the delivery, which tells how it went.
//   - /account is the customer's own: contacts, keys, ledger, and the records that presets refer to, which are taken under /v2/routes,
//     /v2/e911s and /v2/cnams too (C-JS). Its ETag is the version of contacts and keys; a record is never changed, only removed, and
//     only where no live order refers to it.
//   - A key's secret stands in the answer that makes it, and nowhere else: an Idempotency-Key repeats that answer without it. A
//     revoked key may open for up to 60 seconds yet, as long as the gateway keeps what the authorizer said.
//   - A preset's record has to exist on the account (D-PRS), a CNAM to be approved by our staff; unknown ids are a 422, each named.
//   - A contact that bounced or complained is held until the address is changed or confirmed; the order goes on without mail.
//   - An account that calls too often gets a 429 with Retry-After, from the usage plan or from here, before anything is read.
//   - OPTIONS is answered without credentials, for browsers; pages of one origin, the template's AllowOrigin, may read the answers.
//
// Errors are Flowroute's envelope with one entry for each fault. 400 is for what can't be read (syntax, wrong JSON
// types), 422 for values; all faults come at once. Detail names the attribute and says what is wanted, and never
// repeats a value, save the telephone numbers of a 409.
package api
