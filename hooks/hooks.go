// Package hooks is PocketDesk as a PocketBase plugin: a feedback and case desk
// inside an existing backend.
//
//	import pocketdesk "github.com/pocketdesk/pocketdesk/hooks"
//
//	app := pocketbase.New()
//	pocketdesk.MustRegister(app, app.RootCmd, pocketdesk.Config{})
//	app.Start()
//
// Every hook bears an id that begins with "pocketdesk.", so that a host can
// unbind one.
package hooks

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/spf13/cobra"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/assigning"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/classify"
	"github.com/pocketdesk/pocketdesk/internal/desk/doorbell"
	"github.com/pocketdesk/pocketdesk/internal/desk/escalating"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbound"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
	"github.com/pocketdesk/pocketdesk/internal/desk/learning"
	"github.com/pocketdesk/pocketdesk/internal/desk/many"
	"github.com/pocketdesk/pocketdesk/internal/desk/membership"
	"github.com/pocketdesk/pocketdesk/internal/desk/merging"
	"github.com/pocketdesk/pocketdesk/internal/desk/noticing"
	"github.com/pocketdesk/pocketdesk/internal/desk/orders"
	"github.com/pocketdesk/pocketdesk/internal/desk/outbox"
	"github.com/pocketdesk/pocketdesk/internal/desk/problems"
	"github.com/pocketdesk/pocketdesk/internal/desk/promising"
	"github.com/pocketdesk/pocketdesk/internal/desk/reading"
	"github.com/pocketdesk/pocketdesk/internal/desk/reminding"
	"github.com/pocketdesk/pocketdesk/internal/desk/replaying"
	"github.com/pocketdesk/pocketdesk/internal/desk/ruling"
	"github.com/pocketdesk/pocketdesk/internal/desk/searching"
	"github.com/pocketdesk/pocketdesk/internal/desk/service"
	"github.com/pocketdesk/pocketdesk/internal/desk/staffing"
	"github.com/pocketdesk/pocketdesk/internal/desk/texting"
	"github.com/pocketdesk/pocketdesk/internal/desk/topicking"
	"github.com/pocketdesk/pocketdesk/internal/desk/tracking"
	"github.com/pocketdesk/pocketdesk/internal/desk/webhooks"
	"github.com/pocketdesk/pocketdesk/internal/limit"
	"github.com/pocketdesk/pocketdesk/internal/page"
	"github.com/pocketdesk/pocketdesk/internal/presence"
)

// Config is what a host may choose. The zero Config works.
type Config struct {
	// Prefix stands before the names of our collections. Default: none.
	Prefix string
	// PublicPath is where the visitors' pages live. Default: "/support". "/"
	// claims the site's root, as the ready binary does.
	PublicPath string
	// DeskPath is where agents, who are no superusers, find the Desk. Default:
	// "/desk"; "-" switches it off. It needs the dashboard's files: a program built
	// with the tag no_ui has no Desk.
	DeskPath string
	// PublicDir is a folder on disk whose files replace those of the embedded
	// pages one by one. Default: none. The ready binary uses "pb_public"; an
	// existing app often has a folder of that name for files of its own.
	PublicDir string
	// Secret signs tokens, 16 characters or more. Default: made at the first
	// start and kept in pocketdesk.key in the data folder.
	Secret string
	// LLM is the optional language model. Default: off.
	LLM LLM
	// Captcha is what the provider that desk_settings may name needs. Default:
	// none, and the proof of work instead.
	Captcha Captcha
	// MemberSecret is shared with the shop's site, which signs member_ref with
	// it, 16 characters or more. Default: none, and member_ref is stored unread.
	MemberSecret string
	// LookupPrivate lets the address at which orders are looked up lie inside the
	// machine or its network, and begin with http://. Whoever runs the machine says
	// so; no setting does. Default: false.
	LookupPrivate bool
	// WebhookPrivate lets the addresses of webhooks lie inside the machine or its
	// network, and begin with http://. Whoever runs the machine says so; no setting
	// does. Default: false.
	WebhookPrivate bool
	// Secrets gives secrets that the host keeps elsewhere, by name: "inbound" (of
	// the webhook that takes mail in), "dkim" (PEM of the key that signs mail), "sms"
	// (of the SMS gateway, user:password where it wants both), "sms_host" (the only
	// host that this one is sent to), "lookup" (signs what the shop's own system is
	// asked about orders) and "mailbox:NAME" (the password of a mailbox). Each wins
	// over one that was given in the Desk; "" leaves that. Default: none.
	Secrets func(name string) string
	// GeoDB is a file in MaxMind DB format that knows the countries of network
	// addresses. Default: geo.mmdb in the data folder if there is one at the start.
	GeoDB string
}

// Captcha holds what decides where a captcha's answers are checked. The settings
// have no say in either: see docs/adr/0006.
type Captcha struct {
	Secret    string // the provider's; default: captchas are off
	VerifyURL string // default: the provider's own
}

// LLM names a server that speaks OpenAI's chat completions. A base URL or a key
// switches it on.
type LLM struct {
	BaseURL string // such as http://127.0.0.1:11434/v1; default: OpenAI's
	APIKey  string
	Model   string        // default: the one in desk_settings
	Timeout time.Duration // of one call; default: 20 s
	// Concurrent is how many calls may be under way. Default: the one in desk_settings, or 2.
	Concurrent int
	// DailyBudget is how many calls a day are made. Default: the one in desk_settings, or 500.
	DailyBudget int
}

// plugin is PocketDesk on one app. Its stations exist from the app's bootstrap on.
type plugin struct {
	app    core.App
	config Config
	base   string // PublicPath without a slash at its end; "" for the root

	commit      *desk.Committer
	hits        *desk.Hits
	work        *casework.Work
	door        *intake.Intake
	doorbell    *doorbell.Bell
	many        *many.Station
	counter     *inbox.Counter
	viewing     chan struct{} // holds one for each saved view that is being read
	search      *searching.Index
	reading     *reading.Station
	presence    *presence.Board
	merging     *merging.Station
	outbox      *outbox.Worker
	inbound     *inbound.Station
	fetcher     *inbound.Fetcher
	texting     *texting.Gateway
	orders      *orders.Station
	members     *membership.Station
	lookups     *limit.Counter // of orders, by agent
	reports     *limit.Counter // of the SMS gateway, by address
	classifier  *classify.Classifier
	learning    *learning.Worker
	pages       *page.Renderer
	tracker     *tracking.Tracker
	peeks       *limit.Counter // visits of tracking pages, by address
	problems    *problems.Station
	promises    *promising.Book
	reminders   *reminding.Station
	rules       *ruling.Engine
	trials      *replaying.Station
	digests     *noticing.Station
	assigning   *assigning.Station
	staffing    *staffing.Station
	reminding   sync.Mutex      // one round at a time
	here        *presence.Board // who uses the Desk at this moment
	telling     sync.Mutex
	escalations *escalating.Station
	service     *service.Station
	escalating  sync.Mutex
	webhooks    *webhooks.Station
	topics      *topicking.Station
	pings       *limit.Counter // tests of webhooks, by agent
	posts       *limit.Counter // what is posted there, by link and by address
	brings      *limit.Counter // mails by the webhook, by address
	signIns     *limit.Counter // attempts to sign in, by address and by name at an address
	open        chan struct{}  // holds one for each of them that is being read
	examining   sync.Mutex     // one checkup at a time
	far         *http.Client   // fetches the pictures of mails
	failure     error          // of a command
}

// MustRegister is [Register] that panics on an error.
func MustRegister(app core.App, root *cobra.Command, config Config) {
	if err := Register(app, root, config); err != nil {
		panic(err)
	}
}

// Register adds PocketDesk to an app, before it starts. root may be nil; else it
// gets PocketDesk's commands.
func Register(app core.App, root *cobra.Command, config Config) error {
	_, err := register(app, root, config)
	return err
}

func register(app core.App, root *cobra.Command, config Config) (*plugin, error) {
	if config.PublicPath == "" {
		config.PublicPath = "/support"
	}
	if err := checkConfig(config); err != nil {
		return nil, err
	}
	p := &plugin{app: app, config: config, base: strings.TrimRight(config.PublicPath, "/")}
	desk.SetPrefix(app, config.Prefix)

	if err := p.bindStart(); err != nil { // start.go  the stations, before anything is served
		return nil, err
	}
	p.bindIntake()      // intake.go     what visitors send
	p.bindPages()       // pages.go      form, success, tracking and confirmation page
	p.bindLinks()       // track_link.go the link to a tracking page
	p.bindForms()       // forms.go      what a page needs to submit
	p.bindCases()       // cases.go      changes by staff, lists, one case
	p.bindQueue()       // queue.go      lists of cases, counts, what comes next
	p.bindViews()       // views.go      lists that people describe themselves
	p.bindReads()       // reads.go      what each person has read
	p.bindPresence()    // presence.go   who looks at a case
	p.bindBeginnings()  // begin.go      a case that staff begin
	p.bindMany()        // many.go       a list of actions on many cases
	p.bindMacros()      // macros.go     such lists under a name
	p.bindLookup()      // lookup.go     orders, at the shop's own system
	p.bindMembers()     // members.go    members of the shop, and who is invited
	p.bindSearch()      // search.go     words in them, and the index
	p.bindMessages()    // messages.go   answers and notes
	p.bindMerges()      // merges.go     what is one, and what is not
	p.bindPictures()    // pictures.go   pictures that a mail has elsewhere
	p.bindFiles()       // files.go      attachments as downloads
	p.bindQuarantine()  // quarantine.go release and confirm
	p.bindLearning()    // learning.go   what the text model makes of that
	p.bindScreening()   // screening.go  what screening did, and would do
	p.bindRecent()      // recent.go     texts that later ones are compared with
	p.bindOutbox()      // outbox.go     mail out
	p.bindSMS()         // sms.go        text messages
	p.bindInbound()     // inbound.go    mail in
	p.bindMailboxes()   // mailboxes.go  where it is fetched from
	p.bindTemplates()   // templates.go  texts that are checked when saved
	p.bindCalendars()   // calendars.go  when the shop is open
	p.bindSettings()    // settings.go   rules, words and choices of the shop
	p.bindGuards()      // guards.go     fields that only the system writes
	p.bindDashboard()   // dashboard.go  the Desk
	p.bindStaffDesk()   // staffdesk.go  the Desk for agents
	p.bindSignIn()      // signin.go     not too many attempts
	p.bindPeople()      // people.go     who works here
	p.bindRealtime()    // realtime.go   our own topics are for staff
	p.bindHealth()      // health.go     for monitoring
	p.bindDoctor()      // doctor.go     a look at all that the desk depends on
	p.bindProblems()    // problems.go   faults that several people report
	p.bindPromises()    // promises.go   by when we said that we would answer
	p.bindReminders()   // reminders.go  what is due
	p.bindNotices()     // notices.go    what people are told
	p.bindTelling()     // telling.go    and hear of who are not at the Desk
	p.bindEscalations() // escalations.go  cases that need somebody else
	p.bindAssigning()   // assigning.go  who gets a case
	p.bindService()     // service.go    what we owe, and by when
	p.bindRules()       // rules.go      what happens by itself
	p.bindReplay()      // replay.go     rules tried on past cases
	p.bindWebhooks()    // webhooks.go   other systems that are told
	p.bindTopics()      // topics.go     what a case is about, by the embedded model
	p.bindCron()        // cron.go       retention
	p.addCommands(root) // commands.go   erase, demo
	p.bindExit()        // commands.go   their exit code
	return p, nil
}

var (
	prefixForm = regexp.MustCompile(`^\w*$`)
	pathForm   = regexp.MustCompile(`^/[\w./~-]*$`)
)

func checkConfig(c Config) error {
	if !prefixForm.MatchString(c.Prefix) {
		return fmt.Errorf("Config.Prefix %q may hold letters, digits and _", c.Prefix)
	}
	if !pathForm.MatchString(c.PublicPath) || strings.HasPrefix(c.PublicPath+"/", "/api/") || strings.HasPrefix(c.PublicPath+"/", "/_/") {
		return fmt.Errorf("Config.PublicPath %q must begin with a slash and be neither PocketBase's /api nor /_", c.PublicPath)
	}
	base, on := c.deskBase()
	if !on {
		return nil
	}
	if !pathForm.MatchString(base) || strings.HasPrefix(base+"/", "/api/") || strings.HasPrefix(base+"/", "/_/") || strings.Contains(base+"/", "/./") || strings.Contains(base, "//") || strings.Contains(base+"/", "/../") {
		return fmt.Errorf("Config.DeskPath %q must begin with a slash and be neither the root nor PocketBase's /api or /_; - switches the Desk for agents off", c.DeskPath)
	}
	if strings.TrimRight(c.PublicPath, "/") == base {
		return fmt.Errorf("Config.DeskPath and Config.PublicPath are both %q", base)
	}
	return nil
}

// bindStart builds the stations when the app has its data folder.
func (p *plugin) bindStart() error {
	if p.app.IsBootstrapped() {
		return p.start()
	}
	p.app.OnBootstrap().Bind(&hook.Handler[*core.BootstrapEvent]{
		Id: "pocketdesk.bootstrap",
		Func: func(e *core.BootstrapEvent) error {
			if err := e.Next(); err != nil {
				return err
			}
			return p.start()
		},
	})
	return nil
}

// on tells whether PocketDesk works on this app: registered, without a clash, and migrated.
func (p *plugin) on() bool { return p.commit != nil && desk.On(p.app) }

// warn tells the operator something, at start, on the terminal and in the log.
func (p *plugin) warn(err error) {
	fmt.Fprintln(os.Stderr, err)
	p.app.Logger().Warn("PocketDesk", "error", err)
}
