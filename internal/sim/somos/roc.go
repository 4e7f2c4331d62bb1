package somos

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// transaction is one submitted request.
type transaction struct {
	id, kind   string
	newRespOrg string
	notes      string
	loa        string // id of the file
	documents  []string
	submitted  time.Time
	handed     time.Time // when the controlling RespOrg gets it: later than submitted for FUTURE
	numbers    []*number

	checkedOut *login // who has it on the controlling side
	outSince   time.Time
}

// number is one number of it. Its life, counted from base, gives its state.
type number struct {
	num, holder string
	base        time.Time
	life        []moment
	status      string
	codes       []string
	note        string
	processed   time.Time
}

func (n *number) open() bool {
	return slices.Contains([]string{"WAITING", "PENDING", "OVERDUE", "HDR", "DUE_DATE_APPROVAL", "PORT_PROCESSING",
		"ON_HOLD"},
		n.status)
}

// become ends the number's present life.
func (n *number) become(now time.Time, life ...moment) { n.base, n.life = now, life }

// settle brings every number to where it stands at now.
func (s *Server) settle(now time.Time) {
	for _, t := range s.txns {
		for _, n := range t.numbers {
			if s.reach(n, now) {
				s.holders[n.num] = t.newRespOrg
				s.tell(n.num, n.holder, t.newRespOrg)
			}
		}
	}
}

// own is the transaction that a call of its submitter names.
func (s *Server) own(c call) *transaction {
	if t := s.find(c.in.TxnID); t != nil && t.newRespOrg[:2] == c.who.respOrg[:2] {
		return t
	}
	return nil
}

func (s *Server) find(id string) *transaction {
	for _, t := range s.txns {
		if t.id == id {
			return t
		}
	}
	return nil
}

func (t *transaction) progress() string {
	if slices.ContainsFunc(t.numbers, (*number).open) {
		return "OPEN"
	}
	return "CLOSED"
}

func (t *transaction) number(num string) *number {
	for _, n := range t.numbers {
		if n.num == num {
			return n
		}
	}
	return nil
}

// dueOf is two business days after the request was handed over: a day in Central Time, or where Options.Due makes time
// go faster, a time.
func (s *Server) dueOf(t *transaction) string {
	due := s.businessDays(t.handed, dueDays)
	if s.opts.Due > 0 {
		return due.UTC().Format(time.RFC3339)
	}
	return due.In(s.opts.Calendar.Location()).Format(time.DateOnly)
}

// --- numbers and RespOrgs ---

func (s *Server) holder(num string) string {
	row := rowOf(num)
	for _, id := range []string{s.holders[num], s.opts.Holders[num], row.holder, s.opts.Holder} {
		if id != "" {
			return id
		}
	}
	return ""
}

func (s *Server) status(num string) string {
	if row := rowOf(num); row.status != "" && !(row.byHand && s.holders[num] != "") {
		return row.status
	}
	return "WORKING"
}

var tollFree = regexp.MustCompile(`^8(00|33|44|55|66|77|88)[2-9]\d{6}$`)

// handOver has the help desk hand over a number of a row byHand, whose first question it notes.
func (s *Server) handOver(num string) {
	if !rowOf(num).byHand {
		return
	}
	now := s.opts.Now().Add(s.skew)
	if _, asked := s.first[num]; !asked {
		s.first[num] = now
	}
	if !now.Before(s.businessDays(s.first[num], dueDays)) {
		s.holders[num] = s.opts.RespOrg
	}
}

func (s *Server) record(num string) object {
	if !tollFree.MatchString(num) {
		return object{"num": num, "errList": []object{{"errCode": "805102", "errMsg": "not a toll-free number",
			"errLvl": "ERROR"}}}
	}
	s.handOver(num)
	rec := object{"num": num, "status": s.status(num), "recVersionId": "rv-" + num[6:]}
	if rec["status"] != "SPARE" && rec["status"] != "UNAVAILABLE" {
		rec["ctrlRespOrgId"] = s.holder(num)
		rec["effDt"] = "2029-05-01"
	}
	return rec
}

func (s *Server) query(c call, _ string) reply {
	if len(c.in.Numbers) == 0 {
		return refuse("805102", "numList is required")
	}
	rows := make([]object, 0, len(c.in.Numbers))
	for _, num := range c.in.Numbers {
		rows = append(rows, s.record(num))
	}
	return ok(object{"queryResult": rows, "subDtTm": c.now.UTC().Format("2006-01-02T15:04Z")})
}

func (s *Server) queryOne(_ call, num string) reply { return ok(s.record(num)) }

// giveAway moves numbers that the caller controls to another RespOrg: no way to port in.
func (s *Server) giveAway(c call, _ string) reply {
	for _, num := range c.in.Numbers {
		if s.holder(num) != c.who.respOrg {
			return refuse("505002", "no permission for this number")
		}
	}
	return ok(object{"blkId": s.id("blk-")})
}

func (s *Server) orgOfNumber(c call, num string) reply { return s.org(c, s.holder(num)) }

func (s *Server) org(_ call, id string) reply {
	name, known := s.resporgs[id]
	if !known {
		name = "RespOrg " + id
	}
	if len(id) != 5 {
		return refuse("805102", "no such RespOrg")
	}
	return ok(object{
		"respOrgEntity": id[:2], "companyName": name, "emailId": "ports@resporg.example", "contactPhone": "8005550100",
		"associatedRespOrgs": []object{{"respOrgId": id, "businessUnitName": name, "status": "ACTIVE"}},
	})
}

// --- files ---

type file struct {
	name string
	data []byte
}

func (f file) sum() [32]byte { return sha256.Sum256(f.data) }

var fileForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,100}\.(?i:pdf|tiff?)$`)

// upload takes a PDF or a TIFF; the latter is kept as a PDF.
func (s *Server) upload(c call, prefix, key string) reply {
	const limit = 2 << 20
	form, header, err := c.FormFile("file")
	if err != nil {
		return reply{status: http.StatusBadRequest, body: refuse("PW0905", "part file is missing").body}
	}
	data, err := io.ReadAll(io.LimitReader(form, limit+1))
	if err != nil || len(data) > limit || !fileForm.MatchString(header.Filename) {
		return reply{status: http.StatusBadRequest, body: refuse("PW0905", "file too large, or its name is not allowed").body}
	}
	name := header.Filename
	switch {
	case bytes.HasPrefix(data, []byte("II*\x00")), bytes.HasPrefix(data, []byte("MM\x00*")):
		name, data = name[:strings.LastIndex(name, ".")]+".pdf", fmt.Appendf(nil, "%%PDF-1.4\n%% made of a TIFF %x\n",
			sha256.Sum256(data))
	case !bytes.HasPrefix(data, []byte("%PDF-")):
		return reply{status: http.StatusBadRequest, body: refuse("PW0905", "neither PDF nor TIFF").body}
	}
	id := s.id(prefix)
	s.files[id] = file{name, data}
	return ok(object{key: id})
}

func (s *Server) uploadLOA(c call, _ string) reply { return s.upload(c, "9000", "loaID") }

func (s *Server) uploadFile(c call, _ string) reply { return s.upload(c, "7000", "fileId") }

func (s *Server) document(c call, _ string) reply {
	f, known := s.files[c.URL.Query().Get("loaID")+c.URL.Query().Get("docId")]
	if !known {
		return refuse("PW0902", "no such document")
	}
	return ok(object{"fileName": f.name, "mimeType": "application/pdf", "fileContent": base64.StdEncoding.EncodeToString(
		f.data)})
}

func (s *Server) generateLOA(c call, _ string) reply {
	if len(c.in.Numbers) == 0 || c.in.Customer == "" || strings.ContainsAny(c.in.Customer, "<>&'") {
		return refuse("805102", "numList and custName are required")
	}
	return ok(object{"fileName": "StandardLOA.pdf", "mimeType": "application/pdf", "fileContent": "JVBERi0xLjQK"})
}

// --- requests ---

func (s *Server) submit(c call, _ string) reply {
	in := c.in
	handed := c.now
	if in.Type == "FUTURE" {
		at, err := time.Parse(time.RFC3339, in.Effective)
		if err != nil || at.After(c.now.AddDate(0, 0, 30)) {
			return refuse("805102", "effectiveDate is missing or more than 30 days ahead")
		}
		handed = at
	}
	switch _, known := s.files[in.LOA]; {
	case !known:
		return refuse("PW0902", "the LOA is missing")
	case !slices.Contains([]string{"EMERGENCY", "FUTURE", "EXPEDITE"}, in.Type) || in.Contact != "USE_MY_INFO":
		return refuse("805102", "requestType or contactInformation is wrong")
	case len(in.Notes) > 1000 || strings.ContainsAny(in.Notes, "<>"):
		return refuse("805102", "notes are too long or hold < or >")
	}
	if why, bad := s.unfit(c); bad {
		return why
	}
	t := &transaction{kind: in.Type, newRespOrg: in.NewRespOrg, notes: in.Notes, loa: in.LOA, submitted: c.now,
		handed: handed}
	for _, a := range in.Attachments {
		t.documents = append(t.documents, a.File)
	}
	loa := s.files[in.LOA].sum()
	for _, num := range in.Numbers {
		p := s.past[num]
		if p.requests == 0 {
			p.loa = loa
		}
		life := rowOf(num).life(history{p.requests, p.loa == loa})
		if rowOf(num).linked && len(t.documents) > 0 {
			life = approved(history{})
		}
		t.numbers = append(t.numbers, &number{
			num: num, holder: s.holder(num), status: "WAITING", base: handed, life: registered(life),
		})
		p.requests++
		s.past[num] = p
	}
	s.submits[keyOf(t.notes)]++
	return s.add(t, c.now)
}

// unfit says why the numbers can't be asked for.
func (s *Server) unfit(c call) (reply, bool) {
	in := c.in
	if len(in.NewRespOrg) != 5 || in.NewRespOrg[:2] != c.who.respOrg[:2] {
		return refuse("PW0904", "the new RespOrg is of another entity"), true
	}
	if len(in.Numbers) == 0 {
		return refuse("805102", "numList is required"), true
	}
	for i, num := range in.Numbers {
		holder := s.holder(num)
		switch {
		case !tollFree.MatchString(num):
			return refuse("805102", "not a toll-free number"), true
		case slices.Contains(in.Numbers[:i], num), s.underway(num):
			return refuse("PW0907", "duplicate number"), true
		case rowOf(num).life == nil, strings.HasSuffix(holder, "99"), strings.HasPrefix(holder, in.NewRespOrg[:2]):
			return refuse("PW0903", "number not movable"), true
		}
	}
	return reply{}, false
}

func (s *Server) underway(num string) bool {
	return slices.ContainsFunc(s.txns, func(t *transaction) bool {
		n := t.number(num)
		return n != nil && n.open()
	})
}

func (s *Server) add(t *transaction, now time.Time) reply {
	s.ids++
	t.id = fmt.Sprintf("AAAAAAAA-1111-4222-8333-%012X", s.ids)
	s.txns = append(s.txns, t)
	s.settle(now)
	return ok(object{"txnID": t.id})
}

func keyOf(notes string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(notes), " ")
	return word
}

// chosen are the transactions that a search asks for.
func (s *Server) chosen(in input) ([]*transaction, bool) {
	from, bad := time.Parse(time.RFC3339, in.From)
	to, worse := time.Parse(time.RFC3339, in.To)
	if bad != nil || worse != nil || in.ROCType != "OUTGOING" && in.ROCType != "INCOMING" || in.Entity == "" {
		return nil, false
	}
	var found []*transaction
	for _, t := range s.txns {
		mine := strings.HasPrefix(t.newRespOrg, in.Entity)
		if in.ROCType == "INCOMING" {
			mine = slices.ContainsFunc(t.numbers, func(n *number) bool { return strings.HasPrefix(n.holder, in.Entity) })
		}
		progress := in.Progress == "" || in.Progress == "BOTH" || in.Progress == t.progress()
		if mine && progress && !t.submitted.Before(from) && !t.submitted.After(to) && slices.ContainsFunc(t.numbers,
			in.wants) {
			found = append(found, t)
		}
	}
	return found, true
}

func (in input) wants(n *number) bool {
	return (in.Number == "" || in.Number == n.num) && (in.Status == "" || in.Status == n.status) &&
		(in.Rejected == "" || slices.Contains(n.codes, in.Rejected))
}

const badSearch = "rocType, entityOrRespOrg, startDate and endDate are required"

func (s *Server) searchTxn(c call, _ string) reply {
	found, well := s.chosen(c.in)
	if !well {
		return refuse("805102", badSearch)
	}
	rows := []object{}
	for _, t := range found {
		rows = append(rows, object{
			"txnID": t.id, "tfnCount": len(t.numbers), "submittedDateTime": stamp(t.submitted), "futureDateTime": nil,
			"dueDate": s.dueOf(t), "statusCode": t.progress(), "closedOn": nil, "expediteROC": "NO",
			"isRequestCheckedOut": t.isOut(),
		})
	}
	return ok(object{"transactionList": rows})
}

func (s *Server) search(c call, _ string) reply {
	found, well := s.chosen(c.in)
	if !well {
		return refuse("805102", badSearch)
	}
	rows := []object{}
	for _, t := range found {
		for _, n := range t.numbers {
			if c.in.wants(n) {
				rows = append(rows, object{
					"txnID": t.id, "num": n.num, "submittingRespOrg": t.newRespOrg, "status": n.status, "rejectNote": n.note,
					"rejectReasonList": n.rejected(), "requestCheckedOutBy": t.outBy(), "checkoutDateTime": stamp(t.outSince),
					"expediteROC": "NO",
				})
			}
		}
	}
	return ok(object{"resultList": rows})
}

func (n *number) rejected() []object {
	var list []object
	for _, code := range n.codes {
		list = append(list, object{"reason": code})
	}
	return list
}

func (t *transaction) future() any {
	if t.handed.Equal(t.submitted) {
		return nil
	}
	return stamp(t.handed)
}

func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC3339)
}

func (s *Server) retrieve(_ call, id string) reply {
	t := s.find(id)
	if t == nil {
		return refuse("PW0901", "unknown txnID")
	}
	lines := []object{}
	for _, n := range t.numbers {
		line := object{"num": n.num, "ctrlRespOrg": n.holder, "status": n.status, "processedOn": stamp(n.processed)}
		if len(n.codes) > 0 {
			line["rejectReasonList"] = n.rejected()
		}
		if n.note != "" {
			line["rejectNote"] = n.note
		}
		lines = append(lines, line)
	}
	documents := []object{}
	for _, d := range t.documents {
		documents = append(documents, object{"documentID": d})
	}
	return ok(object{
		"txnID": t.id, "statusCode": t.progress(), "requestType": t.kind, "submittingRespOrg": t.newRespOrg,
		"newRespOrgID":      t.newRespOrg,
		"submittedDateTime": stamp(t.submitted), "futureDateTime": t.future(), "dueDate": s.dueOf(t),
		"checkoutDateTime": stamp(t.outSince), "notes": t.notes,
		"loaID": t.loa, "loaFileName": s.files[t.loa].name, "additionalDocuments": documents, "numList": lines,
	})
}

// withdrawn is the end of a number that its submitter takes back.
var withdrawn = after(0, "DECLINED", "16")

// cancel takes back the open numbers. It is refused if a number is on its way already, or none is open.
func (s *Server) cancel(c call, _ string) reply {
	t := s.own(c)
	if t == nil {
		return refuse("PW0901", "unknown txnID")
	}
	sent := slices.ContainsFunc(t.numbers, func(n *number) bool { return n.status == "PORT_PROCESSING" })
	if sent || t.progress() == "CLOSED" {
		return refuse("PW0906", "state does not allow")
	}
	for _, n := range t.numbers {
		if n.open() {
			n.become(c.now, withdrawn)
		}
	}
	s.settle(c.now)
	return ok(object{})
}

func (s *Server) remove(c call, _ string) reply {
	t := s.own(c)
	if t == nil {
		return refuse("PW0901", "unknown txnID")
	}
	for _, num := range c.in.Numbers {
		if n := t.number(num); n == nil || n.status != "PENDING" {
			return refuse("PW0906", "state does not allow")
		}
	}
	for _, num := range c.in.Numbers {
		t.number(num).become(c.now, withdrawn)
	}
	s.settle(c.now)
	return ok(object{"recVersionId": s.id("rv-")})
}

func (s *Server) uploadDoc(c call, _ string) reply {
	t := s.own(c)
	if t == nil {
		return refuse("PW0901", "unknown txnID")
	}
	for _, n := range t.numbers {
		if n.status != "PENDING" && n.status != "OVERDUE" && !slices.Contains(n.codes, "16") {
			return refuse("PW0906", "state does not allow")
		}
	}
	for _, a := range c.in.Attachments {
		if _, known := s.files[a.File]; !known {
			return refuse("PW0905", "no such file")
		}
		t.documents = append(t.documents, a.File)
		for _, n := range t.numbers {
			if rowOf(n.num).linked {
				n.life = registered(approved(history{}))
			}
		}
	}
	return ok(object{"docId": s.id("33")})
}

// escalate hands what is overdue to the help desk.
func (s *Server) escalate(c call, _ string) reply {
	t := s.own(c)
	if t == nil {
		return refuse("PW0901", "unknown txnID")
	}
	overdue := func(n *number) bool { return n.status == "OVERDUE" }
	if !slices.ContainsFunc(t.numbers, overdue) {
		return refuse("PW0906", "state does not allow")
	}
	for _, n := range t.numbers {
		if overdue(n) {
			n.become(c.now, rowOf(n.num).helped()...)
		}
	}
	s.settle(c.now)
	return ok(object{"txnList": []object{{"txnID": t.id}}})
}

// resubmitHDI makes a request that goes to the help desk at once, of numbers that another request could not move.
func (s *Server) resubmitHDI(c call, _ string) reply {
	in := c.in
	src := s.find(in.Source)
	if src == nil || src.newRespOrg[:2] != c.who.respOrg[:2] {
		return refuse("PW0901", "unknown txnID")
	}
	if in.OldRespOrg == "" || in.Verified == "" || in.Emergency == "" || in.Effective == "" {
		return refuse("805102", "all fields are required")
	}
	if why, bad := s.unfit(c); bad {
		return why
	}
	t := &transaction{kind: "HDI", newRespOrg: in.NewRespOrg, notes: src.notes, loa: src.loa, submitted: c.now,
		handed: c.now}
	for _, num := range in.Numbers {
		if n := src.number(num); n == nil || n.status == "PORTED" {
			return refuse("PW0906", "state does not allow")
		}
		t.numbers = append(t.numbers, &number{num: num, holder: s.holder(num), base: c.now, life: rowOf(num).helped()})
	}
	return s.add(t, c.now)
}
