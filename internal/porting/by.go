package porting

import "strings"

// By says who gave a command: for whom, in which way, and under which name.
type By struct {
	Role Role
	Way  Way
	// Name tells those of one role apart: the public id of the access key with which a customer called, the initials that
	// a person of our staff gave, the name of a peer. Nobody has checked the initials. The id is never the key itself.
	Name string
}

// Actor makes By part of every command by embedding.
func (b By) Actor() By { return b }

// CustomerBy returns a customer who calls the API with the access key of that public id.
func CustomerBy(keyID string) By { return By{Role: Customer, Way: WayKey, Name: keyID} }

// LinkBy returns a customer who acts on the order's page by the link of that id.
func LinkBy(id string) By { return By{Role: Customer, Way: WayLink, Name: linkPrefix + id} }

// ByLink says that the signature was given on the page of the order, which a link opens. id is that of the link or the key.
func (s Signature) ByLink() (id string, ok bool) {
	id, ok = strings.CutPrefix(s.By, linkPrefix)
	return id, ok
}

// linkPrefix begins the names of those who act by a link, so that they are told from access keys.
const linkPrefix = "link-"

// StaffBy returns the member of our staff with these initials.
func StaffBy(initials string) By { return By{Role: Staff, Way: WayDesk, Name: initials} }

// PeerBy returns the peer of that name.
func PeerBy(name string) By { return By{Role: PeerRole, Way: WayPeer, Name: name} }

// SystemBy returns our own programs, which act in that way.
func SystemBy(way Way) By { return By{Role: System, Way: way} }

// Role says for whom a command is given.
type Role string

// The four that may change an order.
const (
	Customer Role = "customer"
	Staff    Role = "staff"
	System   Role = "system"
	PeerRole Role = "peer"
)

// Way says how a command reached us. Ways are stored with events.
type Way string

// The ways, each with its meaning.
const (
	WayKey      Way = "key"      // a call of the API with an access key
	WayLink     Way = "link"     // the page of the order, opened by a mailed link
	WayDesk     Way = "desk"     // a decision of our staff
	WayPeer     Way = "peer"     // a peer's answer, which it sent or was asked for
	WayWorkflow Way = "workflow" // a step of a state machine
	WaySweep    Way = "sweep"    // a schedule that found the order due
	WaySwitch   Way = "switch"   // an answer of our own switch
	WayFile     Way = "file"     // the check of a document's file, or the fetching of it
	WayMail     Way = "mail"     // the news that a mail has not arrived
)
