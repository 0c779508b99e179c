package mail

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"net/textproto"
	"regexp"
	"slices"
	"strings"

	"github.com/emersion/go-msgauth/dkim"
)

const (
	minRSABits = 1024 // RFC 8301, section 3.2; 2048 is advised
	newRSABits = 2048
	maxKeyText = 16 << 10
)

// ErrDKIM is wrapped by every error of NewDKIM.
var ErrDKIM = errors.New("DKIM")

// DKIM signs mail for one domain (RFC 6376), so that receivers know it is the
// shop's, with RSA (rsa-sha256) or Ed25519 (RFC 8463).
type DKIM struct {
	domain, selector string
	key              crypto.Signer
}

// NewDKIM reads a private key in PEM, PKCS #8 or PKCS #1. RSA keys have 1024 bits
// or more. Selector and domain make up the name of the DNS record. No error
// repeats anything of the key.
func NewDKIM(domain, selector, key string) (*DKIM, error) {
	ascii, err := asciiDomain(strings.TrimSpace(domain))
	if err != nil || checkPublic(ascii) != nil {
		return nil, fmt.Errorf("%w: %q is no domain", ErrDKIM, domain)
	}
	selector = strings.ToLower(strings.TrimSpace(selector))
	if !ValidSelector(selector) {
		return nil, fmt.Errorf("%w: a selector is made of letters, digits, dots and hyphens, 63 at most", ErrDKIM)
	}
	signer, err := readKey(key)
	if err != nil {
		return nil, err
	}
	return &DKIM{domain: ascii, selector: selector, key: signer}, nil
}

var selectorPattern = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)

// ValidSelector reports whether s can be a selector, in lower case (RFC 6376, section 3.1).
func ValidSelector(s string) bool { return len(s) <= 63 && selectorPattern.MatchString(s) }

func readKey(text string) (crypto.Signer, error) {
	if len(text) > maxKeyText {
		return nil, fmt.Errorf("%w: the key is too long", ErrDKIM)
	}
	block, _ := pem.Decode([]byte(strings.TrimSpace(text) + "\n"))
	if block == nil {
		return nil, fmt.Errorf("%w: the key isn't PEM: it begins with -----BEGIN PRIVATE KEY-----", ErrDKIM)
	}
	var key any
	var err error
	switch block.Type {
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	default:
		return nil, fmt.Errorf("%w: the PEM holds no private key that can be read without a password", ErrDKIM)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: the private key is damaged", ErrDKIM)
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		if key.N.BitLen() < minRSABits {
			return nil, fmt.Errorf("%w: an RSA key needs %d bits or more, this one has %d", ErrDKIM, minRSABits, key.N.BitLen())
		}
		return key, nil
	case ed25519.PrivateKey:
		return key, nil
	}
	return nil, fmt.Errorf("%w: the key is neither RSA nor Ed25519", ErrDKIM)
}

// NewDKIMKey makes an RSA key of 2048 bits, in PEM (PKCS #8). Every receiver
// knows RSA; many don't know Ed25519 yet.
func NewDKIMKey() (string, error) {
	key, err := rsa.GenerateKey(rand.Reader, newRSABits)
	if err != nil {
		return "", fmt.Errorf("make a DKIM key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", fmt.Errorf("make a DKIM key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}

// Name is where the DNS record stands: SELECTOR._domainkey.DOMAIN.
func (d *DKIM) Name() string { return d.selector + "._domainkey." + d.domain }

// Domain is the signing domain, in lower-case ASCII.
func (d *DKIM) Domain() string { return d.domain }

// Record is the text of the DNS TXT record, in one piece. A TXT record holds
// pieces of 255 octets; most registrars' forms split it themselves.
func (d *DKIM) Record() string {
	kind, public := "rsa", []byte(nil)
	switch key := d.key.Public().(type) {
	case *rsa.PublicKey:
		public, _ = x509.MarshalPKIXPublicKey(key) // never fails for RSA
	case ed25519.PublicKey:
		kind, public = "ed25519", key
	}
	return "v=DKIM1; k=" + kind + "; p=" + base64.StdEncoding.EncodeToString(public)
}

// Sign puts a DKIM-Signature before a mail as Build makes it. What a mail has once
// (RFC 5322, section 3.6) is signed once more than it is there, so that nobody can
// add another From, Subject or Reply-To, which some programs show instead (RFC
// 6376, section 8.15).
func (d *DKIM) Sign(raw []byte) ([]byte, error) {
	out := bytes.NewBuffer(make([]byte, 0, len(raw)+1024))
	err := dkim.Sign(out, bytes.NewReader(raw), &dkim.SignOptions{
		Domain: d.domain, Selector: d.selector, Signer: d.key, Hash: crypto.SHA256,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed,
		BodyCanonicalization:   dkim.CanonicalizationRelaxed,
		HeaderKeys:             signedFields(raw),
	})
	if err != nil {
		return nil, fmt.Errorf("sign with DKIM: %w", err)
	}
	return out.Bytes(), nil
}

// signedFields are those of RFC 6376, section 5.4.1, that the mail has. Those that
// nobody on the way has a reason to add come twice.
func signedFields(raw []byte) []string {
	twice := []string{
		"From", "Reply-To", "Subject", "Date", "To", "Cc", "Message-Id", "In-Reply-To", "References", "Mime-Version", "Content-Type",
	}
	once := []string{
		"Content-Transfer-Encoding", "Content-Language", "Auto-Submitted", "Disposition-Notification-To",
		"List-Unsubscribe", "List-Unsubscribe-Post",
	}
	there := map[string]bool{}
	header, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	for _, line := range bytes.Split(header, []byte("\r\n")) {
		if name, _, found := bytes.Cut(line, []byte(":")); found && len(name) > 0 && name[0] != ' ' && name[0] != '\t' {
			there[textproto.CanonicalMIMEHeaderKey(string(name))] = true
		}
	}
	var keys []string
	for _, name := range slices.Concat(twice, twice, once) {
		if there[name] {
			keys = append(keys, name)
		}
	}
	return keys
}
