package imapbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/oauth2"
)

// Values of OAuth.Provider.
const (
	Google    = "google"
	Microsoft = "microsoft"
)

// tokenURLs are where the providers trade a refresh token for an access token.
var tokenURLs = map[string]string{
	Google:    "https://oauth2.googleapis.com/token",
	Microsoft: "https://login.microsoftonline.com/common/oauth2/v2.0/token",
}

// OAuth gets access tokens with a refresh token (RFC 6749, section 6) and keeps each
// until it is about to end. The exported fields are set before its first use. It is
// for one mailbox:
//
//	o := &imapbox.OAuth{Provider: imapbox.Google, ClientID: id, ClientSecret: secret, RefreshToken: refresh}
//	cfg.Auth, cfg.Refused = o.Auth, o.Forget
type OAuth struct {
	Provider               string // Google or Microsoft
	ClientID, ClientSecret string // a secret is not needed for every kind of client
	RefreshToken           string
	// Rotated, if set, is called with the new refresh token when the provider
	// changes it, as Microsoft does; the old one ends some day. The access token is
	// not used when it fails.
	Rotated func(ctx context.Context, refreshToken string) error

	TokenURL string           // default the provider's; Microsoft tenants have their own
	Client   *http.Client     // default one that waits 30 seconds and follows no redirect
	Now      func() time.Time // default time.Now

	mu      sync.Mutex
	token   string
	ends    time.Time
	renewed string // the refresh token, once it was changed
}

// early is how long before its end a token is replaced.
const early = 2 * time.Minute

// Auth is a Config.Auth. Its errors wrap ErrToken and name what the provider complains
// about, such as invalid_grant when the permission was taken back.
func (o *OAuth) Auth(ctx context.Context) (Credentials, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.token != "" && o.now().Before(o.ends.Add(-early)) {
		return Credentials{Token: o.token}, nil
	}
	if err := o.refresh(ctx); err != nil {
		return Credentials{}, err
	}
	return Credentials{Token: o.token}, nil
}

// Forget throws the access token away, so that the next Auth gets another.
func (o *OAuth) Forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.token = ""
}

func (o *OAuth) refresh(ctx context.Context) error {
	endpoint := o.TokenURL
	if endpoint == "" {
		endpoint = tokenURLs[o.Provider]
	}
	if endpoint == "" {
		return fmt.Errorf("%w: provider is google or microsoft", ErrToken)
	}
	used := o.renewed
	if used == "" {
		used = o.RefreshToken
	}
	config := oauth2.Config{ClientID: o.ClientID, ClientSecret: o.ClientSecret, Endpoint: oauth2.Endpoint{
		TokenURL: endpoint, AuthStyle: oauth2.AuthStyleInParams,
	}}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, o.client())
	token, err := config.TokenSource(ctx, &oauth2.Token{RefreshToken: used}).Token()
	if err != nil {
		return tokenProblem(err)
	}
	if token.RefreshToken != "" && token.RefreshToken != used {
		if o.Rotated != nil {
			if err := o.Rotated(ctx, token.RefreshToken); err != nil {
				return fmt.Errorf("%w: the new refresh token could not be kept: %w", ErrToken, err)
			}
		}
		o.renewed = token.RefreshToken
	}
	o.token, o.ends = token.AccessToken, o.now().Add(time.Hour)
	if token.ExpiresIn > 0 {
		o.ends = o.now().Add(time.Duration(token.ExpiresIn) * time.Second)
	}
	return nil
}

func (o *OAuth) client() *http.Client {
	if o.Client != nil {
		return o.Client
	}
	return &http.Client{
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (o *OAuth) now() time.Time {
	if o.Now != nil {
		return o.Now()
	}
	return time.Now()
}

// tokenProblem keeps of an answer its error code only: the rest of it may hold anything.
func tokenProblem(err error) error {
	var none secrets
	var answer *oauth2.RetrieveError
	switch {
	case !errors.As(err, &answer):
		return fmt.Errorf("%w: the provider can't be reached", ErrToken)
	case answer.ErrorCode != "":
		return none.problem(ErrToken, errors.New(answer.ErrorCode))
	case answer.Response != nil:
		return fmt.Errorf("%w: the provider answered with status %d", ErrToken, answer.Response.StatusCode)
	}
	return ErrToken
}
