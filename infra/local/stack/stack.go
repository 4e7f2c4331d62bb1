// Package stack runs the whole of Portway on one machine. [Up] starts the engine, deploys the template, and serves the
// simulated carriers behind the real adapters; it opens two accounts and a sandbox. The file .local/stack.json ([File])
// tells where everything is. Start reading at Up.
package stack

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"portway/infra/local/deploy"
	"portway/infra/local/engine"
	"portway/internal/account"
	"portway/internal/dynamo"
	"portway/internal/lambdax"
	"portway/internal/porting"
	"portway/internal/secret"
	"portway/internal/sim/locals"
	"portway/internal/sim/somos"
	"portway/internal/usageplan"
)

// Options say where the stack is and how fast its time passes. The zero value is a stack on free ports that leaves
// nothing behind.
type Options struct {
	// Port is the engine's port. The simulated carriers and the page of the desk have the next four. 0 takes free ports.
	Port int
	// Dir is the directory of the engine's log and of stack.json. "" is a temporary directory without stack.json.
	Dir string
	// Progress is called with a few words about each step. It may be nil.
	Progress func(string)
	// Day is how long a day lasts for the state machines (2 s), Step how long a simulated carrier takes for one (600
	// ms).
	Day, Step time.Duration
	// Parameters are the template's. They go before those of the local stack.
	Parameters map[string]string
	// Locals and Somos change the simulated carriers before they start.
	Locals func(*locals.Options)
	Somos  func(*somos.Options)
	// Recorder keeps the requests that the functions make to AWS. It may be nil.
	Recorder *engine.Recorder
}

// Stack is a running stack.
type Stack struct {
	File   File
	Engine *engine.Engine
	Deploy deploy.Stack
	Locals *locals.Server
	// Locals2 is the second Locals peer. It carries numbers that the first one refuses to carry (7525).
	Locals2 *locals.Server
	Somos   *somos.Server
	// Store reads and writes the table as root.
	Store   *dynamo.Store
	Account porting.AccountID

	deployed deploy.Options // of the last deployment

	quiet   context.CancelFunc // ends the carriers' notices
	servers []*http.Server
}

// File is the content of .local/stack.json.
type File struct {
	API             string            `json:"api"`
	Pages           string            `json:"pages"` // before /p/ in the addresses of orders' pages
	AccessKey       string            `json:"accessKey"`
	SecretKey       string            `json:"secretKey"`
	SecondAccessKey string            `json:"secondAccessKey"`
	SecondSecretKey string            `json:"secondSecretKey"`
	SandboxAccess   string            `json:"sandboxAccessKey"`
	SandboxSecret   string            `json:"sandboxSecretKey"`
	Endpoint        string            `json:"endpoint"`
	Region          string            `json:"region"`
	Table           string            `json:"table"`
	Functions       map[string]string `json:"functions"`
	Logs            map[string]string `json:"logs"` // the functions' log groups
	StateMachines   map[string]string `json:"stateMachines"`
	Mail            string            `json:"mail"`
	Console         string            `json:"console"`
	Docs            string            `json:"docs"`
	Peers           map[string]string `json:"peers"`
}

// UsualPort is the port of `make run` without PORT.
const UsualPort = 4599

// FileName is the file that tells where the newest stack of a tree is.
func FileName(root string) string { return filepath.Join(root, ".local", "stack.json") }

// Origin is the origin of the stack's own pages. Only pages of this origin may call the API, so that the documentation
// can send requests.
func (f File) Origin() string { return strings.TrimSuffix(f.Console, "/") }

// Read reads where the stack on a port is: from its own file, or from the tree's newest where that port has none.
func Read(root string, port int) (File, error) {
	var f File
	raw, err := os.ReadFile(filepath.Join(Dir(root, port), "stack.json"))
	if err != nil {
		raw, err = os.ReadFile(FileName(root))
	}
	if err != nil {
		return f, errors.New("no stack is running here; start one with make run")
	}
	return f, json.Unmarshal(raw, &f)
}

// Dir is the directory of the stack on a port: the engine's log and process id, and its stack.json.
func Dir(root string, port int) string {
	return filepath.Join(root, ".local", "run", strconv.Itoa(port))
}

// Release removes the files that tell where a stack was that has ended.
func Release(root string, port int) {
	own := filepath.Join(Dir(root, port), "stack.json")
	mine, err := os.ReadFile(own)
	if err != nil {
		return
	}
	if newest, err := os.ReadFile(FileName(root)); err == nil && bytes.Equal(newest, mine) {
		_ = os.Remove(FileName(root)) // a later stack writes the file again
	}
	_ = os.Remove(own)
}

// Up starts a stack, and returns when the stack serves. The stack ends with ctx or Down.
func Up(ctx context.Context, o Options) (_ *Stack, err error) {
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	if o.Day == 0 {
		o.Day = 2 * time.Second
	}
	if o.Step == 0 {
		o.Step = 600 * time.Millisecond
	}
	root, err := engine.Root()
	if err != nil {
		return nil, err
	}
	s := &Stack{Account: "main"}
	defer func() {
		if err != nil {
			_ = s.Down() // the first failure is returned
		}
	}()
	o.Progress("starting the local AWS engine")
	if s.Engine, err = engine.Start(ctx, engine.Options{Port: o.Port, Dir: o.Dir, EnforceIAM: true, Recorder: o.Recorder}); err != nil {
		return nil, err
	}
	o.Progress("starting the simulated carriers")
	if err := s.carriers(ctx, o); err != nil {
		return nil, err
	}
	parameters := map[string]string{
		"MailFrom": "porting@portway.example", "MailDomain": "portway.example",
		"Architecture": "x86_64", "RateLimit": "500", "RateBurst": "1000", "AllowOrigin": s.File.Origin(),
		"DaySeconds": strconv.Itoa(int(max(o.Day, time.Second) / time.Second)), "PrivateWebhooks": "yes",
		"Sandbox": "yes", "SandboxDaySeconds": strconv.Itoa(int(max(o.Day, time.Second) / time.Second)),
		"LocalsUrl": s.File.Peers["locals"] + "/api/v1", "LocalsAccount": localsAccount, "LocalsSite": localsSite,
		"LocalsUser": peerUser, "HookUser": LocalsHook.User, "SomosHookUser": SomosHook.User,
		"MoreHooks": "locals2:" + Locals2Hook.User,
		"MoreLocals": fmt.Sprintf(`[{"name":"locals2","url":"%s/api/v1","account":"%s","site":"%s","user":"%s"}]`,
			s.File.Peers["locals2"], localsAccount, localsSite, peerUser),
		"SomosUrl": s.File.Peers["somos"], "SomosUser": peerUser,
		"SomosRespOrg": respOrg, "Overview": "no",
		"ProvisionFunction": "portway-sandbox", // the simulated switch, in the function of the stack named portway
		"OperatorName":      "Portway Example Telecom LLC", "OperatorAddress": "1 Example Way, Denver, CO 80202, US",
		"OperatorPhone": "+1 303 555 0100",
	}
	for name, value := range o.Parameters {
		parameters[name] = value
	}
	todo := deploy.Options{Config: s.Engine.Config(), Root: root, Parameters: parameters, Progress: o.Progress}
	if s.Deploy, err = deploy.Deploy(ctx, todo); err != nil {
		return nil, err
	}
	s.where()
	parameters["PublicUrl"], parameters["PageUrl"] = s.File.API, s.File.Pages // known only now; mails show these addresses
	if s.Deploy, err = deploy.Deploy(ctx, todo); err != nil {
		return nil, err
	}
	s.deployed = todo
	if err := s.passwords(ctx); err != nil {
		return nil, err
	}
	o.Progress("opening three accounts")
	if err := s.accounts(ctx); err != nil {
		return nil, err
	}
	if _, err := s.File.Sweep(ctx, "subscribe", time.Now()); err != nil { // as its schedule does once a day
		return nil, err
	}
	if o.Dir != "" {
		if err := s.write(filepath.Join(o.Dir, "stack.json"), FileName(root)); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Beside deploys another stack by another name beside this one, with the same parameters. It has the engine and the
// simulated carriers of this one, and ends with it. Its carriers send no notices, since nothing subscribes to them.
func (s *Stack) Beside(ctx context.Context, name string) (*Stack, error) {
	other := &Stack{Account: s.Account, Engine: s.Engine, deployed: s.deployed}
	other.deployed.Stack, other.deployed.Parameters = name, maps.Clone(s.deployed.Parameters)
	other.deployed.Parameters["PublicUrl"] = ""  // which is the first stack's
	other.deployed.Parameters["MailDomain"] = "" // which the first stack has registered
	other.File.Console, other.File.Peers = s.File.Console, s.File.Peers
	var err error
	if other.Deploy, err = deploy.Deploy(ctx, other.deployed); err != nil {
		return nil, err
	}
	other.where()
	if err := other.passwords(ctx); err != nil {
		return nil, err
	}
	return other, other.accounts(ctx)
}

// Credentials are a user and a password.
type Credentials struct{ User, Password string }

// The credentials with which the simulated carriers send us their notices. They are public and protect nothing, since the
// simulated carriers listen on loopback alone.
var (
	LocalsHook  = Credentials{"locals", "simulated-hook"}
	Locals2Hook = Credentials{"locals2", "simulated-hook-2"}
	SomosHook   = Credentials{"somos", "simulated-registry"}
)

// Our credentials at the simulated carriers.
const (
	peerUser      = "portway"
	peerPassword  = "simulated-peer"
	localsAccount = "9900001"
	localsSite    = "743"
	respOrg       = "ZZPW1"
)

// passwords puts the passwords into the stack's secrets, as an operator does.
func (s *Stack) passwords(ctx context.Context) error {
	for arn, all := range map[string]map[string]string{
		s.Deploy.Outputs["PeerPasswordsArn"]: {"locals": peerPassword, "locals2": peerPassword, "somos": peerPassword},
		s.Deploy.Outputs["HookPasswordsArn"]: {"locals": LocalsHook.Password, "locals2": Locals2Hook.Password, "somos": SomosHook.Password},
	} {
		value, err := json.Marshal(all)
		if err != nil {
			return err
		}
		secret := lambdax.Secret{ARN: arn, AWS: s.Engine.Config(), HTTP: http.DefaultClient, Now: time.Now}
		if err := secret.Put(ctx, string(value)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Stack) carriers(ctx context.Context, o Options) error {
	lo := locals.Options{User: peerUser, Password: peerPassword, Step: o.Step, Complete: 2 * o.Step}
	if o.Locals != nil {
		o.Locals(&lo)
	}
	so := somos.Options{User: peerUser, Password: peerPassword, RespOrg: respOrg, Company: "Portway", Step: o.Step,
		Due: 4 * o.Step}
	if o.Somos != nil {
		o.Somos(&so)
	}
	wide := lo
	wide.Wide = true
	s.Locals, s.Locals2, s.Somos = locals.New(lo), locals.New(wide), somos.New(so)
	ctx, s.quiet = context.WithCancel(ctx)
	go s.Locals.Run(ctx)
	go s.Locals2.Run(ctx)
	s.File.Peers = map[string]string{}
	for i, sim := range []struct {
		name    string
		handler http.Handler
	}{{"locals", s.Locals}, {"somos", s.Somos}, {"console", s.pages()}, {"locals2", s.Locals2}} {
		port := 0
		if o.Port != 0 {
			port = o.Port + 1 + i
		}
		at, err := s.serve(port, sim.handler)
		if err != nil {
			return err
		}
		if sim.name == "console" {
			s.File.Console, s.File.Docs = at+"/", at+"/docs"
		} else {
			s.File.Peers[sim.name] = at
		}
	}
	return nil
}

// serve serves h on loopback, and returns its base address.
func (s *Stack) serve(port int, h http.Handler) (string, error) {
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	s.servers = append(s.servers, server)
	go func() { _ = server.Serve(l) }() // until Down
	return "http://" + l.Addr().String(), nil
}

// where fills in what only the deployment tells.
func (s *Stack) where() {
	f := &s.File
	f.Endpoint, f.Region = s.Engine.Endpoint(), s.Engine.Region()
	f.API = s.Engine.API(s.Deploy.Outputs["ApiId"], "live")
	f.Pages = s.Engine.API(s.Deploy.Outputs["PagesId"], "live")
	f.Table = s.Deploy.Outputs["TableName"]
	f.Mail = f.Endpoint + "/_ministack/ses/messages"
	f.StateMachines = map[string]string{"csr": s.Deploy.Outputs["CsrMachineArn"],
		"lsr": s.Deploy.Outputs["LsrMachineArn"]}
	f.Functions, f.Logs = map[string]string{}, map[string]string{}
	for _, name := range functions {
		f.Logs[name] = s.Deploy.IDs[strings.TrimSuffix(logicalID(name), "Function")+"Logs"]
		f.Functions[name] = s.Deploy.IDs[logicalID(name)]
	}
	s.Store = dynamo.New(dynamodb.NewFromConfig(s.Engine.Config()), f.Table,
		&secret.Sealer{Keys: kms.NewFromConfig(s.Engine.Config()), KeyID: s.Deploy.Outputs["KeyArn"]})
}

var functions = []string{"api", "authorizer", "peer-authorizer", "answer", "csr", "lsr", "notify", "deliver", "pull", "status-check",
	"auto-cancel", "redeliver", "subscribe", "desk", "desk-action", "page", "bounce", "sandbox", "document"}

// logicalID is a function's name in the template: StatusCheckFunction for status-check.
func logicalID(name string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(name, "-") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String() + "Function"
}

// accounts opens a sandbox, and two accounts with money on them, so that a user can see that neither account sees the
// other's orders.
func (s *Stack) accounts(ctx context.Context) error {
	for _, a := range []struct {
		id, name, mail string
		kind           account.Kind
		access, secret *string
	}{
		{"main", "Main Street Telephone", "porting@main-street.example", account.Live, &s.File.AccessKey,
			&s.File.SecretKey},
		{"second", "Second Avenue Telephone", "porting@second-avenue.example", account.Live, &s.File.SecondAccessKey,
			&s.File.SecondSecretKey},
		{"sandbox", "Third Street Telephone, trying", "porting@third-street.example", account.Sandbox,
			&s.File.SandboxAccess, &s.File.SandboxSecret},
	} {
		join := func(ctx context.Context, id porting.AccountID) error {
			return usageplan.Join(ctx, s.Engine.Config(), s.Deploy.Outputs["PlanId"], id)
		}
		key, err := account.Enroll(ctx, s.Store, join, account.Account{ID: porting.AccountID(a.id), Name: a.name, Mail: a.mail,
			Kind: a.kind, Balance: 100_000_00, Created: time.Now().UTC()}, rand.Reader)
		if err != nil {
			return err
		}
		*a.access, *a.secret = key.Access, key.Secret.Reveal()
	}
	return nil
}

func (s *Stack) write(names ...string) error {
	raw, err := json.MarshalIndent(s.File, "", "  ")
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := os.WriteFile(name, append(raw, '\n'), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// Down ends the stack and everything in it.
func (s *Stack) Down() error {
	var all []error
	if s.quiet != nil {
		s.quiet()
	}
	for _, server := range s.servers {
		all = append(all, server.Close())
	}
	if s.Engine != nil {
		all = append(all, s.Engine.Stop())
	}
	return errors.Join(all...)
}

// Invoke calls a function with an event, and returns its answer.
func (f File) Invoke(ctx context.Context, name string, event any) ([]byte, error) {
	payload, err := json.Marshal(event)
	if err != nil {
		return nil, err
	}
	client := lambda.NewFromConfig(engine.Config(f.Endpoint, f.Region))
	out, err := client.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String(f.Functions[name]), Payload: payload,
		InvocationType: types.InvocationTypeRequestResponse})
	if err != nil {
		return nil, err
	}
	if out.FunctionError != nil {
		return nil, fmt.Errorf("%s failed: %s", name, out.Payload)
	}
	return out.Payload, nil
}

// Version returns the version at which an order is, as the page of the desk tells it.
func (f File) Version(ctx context.Context, order porting.OrderID) (int64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.Origin()+"/versions/"+url.PathEscape(string(order)), nil)
	if err != nil {
		return 0, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1000))
	switch {
	case err != nil:
		return 0, err
	case res.StatusCode != http.StatusOK:
		return 0, fmt.Errorf("order %s: %s", order, strings.TrimSpace(string(body)))
	}
	return strconv.ParseInt(string(body), 10, 64)
}

// Sweep runs the function of a schedule as of a time.
func (f File) Sweep(ctx context.Context, name string, at time.Time) ([]byte, error) {
	return f.Invoke(ctx, name, map[string]string{"time": at.UTC().Format(time.RFC3339)})
}

// Answer is an answer of the API.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Call sends a request to the API as the main account. A body is sent as JSON.
func (f File) Call(ctx context.Context, method, path string, body any) (Answer, error) {
	return f.CallAs(ctx, f.AccessKey, f.SecretKey, method, path, body)
}

// CallAs sends a request to the API with other credentials.
func (f File) CallAs(ctx context.Context, access, secret, method, path string, body any) (Answer, error) {
	var reader io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return Answer{}, err
		}
		reader = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, f.API+path, reader)
	if err != nil {
		return Answer{}, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if access != "" {
		req.SetBasicAuth(access, secret)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return Answer{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	return Answer{res.StatusCode, res.Header, raw}, err
}

// Mail is a mail as the engine lists it.
type Mail struct {
	ID      string   `json:"MessageId"`
	From    string   `json:"Source"`
	To      []string `json:"To"`
	Subject string   `json:"Subject"`
	Text    string   `json:"BodyText"`
	HTML    string   `json:"BodyHtml"`
}

// Mails reads all mails that were sent so far, the oldest first.
func (f File) Mails(ctx context.Context) ([]Mail, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.Mail, nil)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var box struct {
		Messages map[string][]Mail `json:"messages"`
	}
	if err := json.NewDecoder(res.Body).Decode(&box); err != nil {
		return nil, err
	}
	var all []Mail
	for _, mails := range box.Messages {
		all = append(all, mails...)
	}
	return all, nil
}
