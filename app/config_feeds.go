package app

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/dial"
	"github.com/trucewatch/truce/internal/polite"
)

// FeedsConfig says how open reporting is asked for.
type FeedsConfig struct {
	Contact string        `koanf:"contact"`  // how a site's owner reaches the mission; nothing is fetched without it
	Allow   []string      `koanf:"allow"`    // hosts that are not on the public internet
	Proxy   string        `koanf:"proxy"`    // through which all is asked; "": none
	NoProxy string        `koanf:"no_proxy"` // hosts asked without it, apart by commas
	Every   time.Duration `koanf:"every"`    // least time between two requests to one host; 0: polite.DefaultEvery
	Timeout time.Duration `koanf:"timeout"`  // longest wait for one answer; 0: polite.DefaultBody
	Pages   *int          `koanf:"pages"`    // articles' pages fetched in one look at a feed; nil: defaultPages
	Again   *int          `koanf:"again"`    // days for which an article is looked at again; nil: defaultAgain
}

// validatePublicURL refuses what is no whole address of a site. Its pages lead to each other
// from the root of the host, so that a folder below it would lead nowhere.
func (c Config) validatePublicURL() error {
	u, err := url.Parse(c.PublicURL)
	switch {
	case c.PublicURL == "":
		return nil
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "":
		return fmt.Errorf("public_url: %q; write the address of the public pages, e.g. https://truce.example.org", c.PublicURL)
	}
	return nil
}

// site is the address of the public pages without a slash at the end; "" where it is not known.
func (c Config) site() string { return strings.TrimRight(c.PublicURL, "/") }

// Bounds and defaults of the settings.
const (
	// defaultPages keeps one look at one site under a minute at two seconds a page.
	defaultPages = 20
	maxPages     = 200
	// defaultAgain is how many days an article is looked at again: most corrections come
	// within hours, removals within a week.
	defaultAgain = 7
	maxAgain     = 7
	// maxTimeout is the longest that one answer may be waited for.
	maxTimeout = 10 * time.Minute
)

func (f FeedsConfig) validate() error {
	switch {
	case strings.ContainsAny(f.Contact, "\r\n"):
		return fmt.Errorf("feeds.contact: %q; write one address of a page or of mail", f.Contact)
	case f.Every < 0 || f.Every > polite.MaxCrawlDelay:
		return fmt.Errorf("feeds.every: %s; write 0 to %s", truce.DurationText(f.Every), truce.DurationText(polite.MaxCrawlDelay))
	case f.Timeout < 0 || f.Timeout > maxTimeout:
		return fmt.Errorf("feeds.timeout: %s; write up to %s", truce.DurationText(f.Timeout), truce.DurationText(maxTimeout))
	case f.Pages != nil && (*f.Pages < 0 || *f.Pages > maxPages):
		return fmt.Errorf("feeds.pages: %d; write 0 to %d", *f.Pages, maxPages)
	case f.Again != nil && (*f.Again < 0 || *f.Again > maxAgain):
		return fmt.Errorf("feeds.again: %d days; write 0 to %d", *f.Again, maxAgain)
	}
	if f.Proxy != "" {
		// It may hold a password, so it is not quoted.
		if u, err := url.Parse(f.Proxy); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return fmt.Errorf("feeds.proxy: write its address, e.g. http://proxy.example.org:3128")
		}
	}
	if _, err := dial.New(dial.Config{Allow: f.Allow}); err != nil {
		return fmt.Errorf("feeds.allow: %w", err)
	}
	return nil
}

func (f FeedsConfig) pages() int { return *cmp.Or(f.Pages, new(defaultPages)) }

func (f FeedsConfig) again() time.Duration {
	return time.Duration(*cmp.Or(f.Again, new(defaultAgain))) * 24 * time.Hour
}

// getter is what fetches, by these settings. Seed keeps two installations apart in time.
func (f FeedsConfig) getter(seed uint64) (*polite.Getter, error) {
	if strings.TrimSpace(f.Contact) == "" {
		return nil, truce.Errorf(truce.CodeInvalid, "feeds.contact is not set in %s: name a page or mail address at which a site's owner reaches you; strangers' servers are not asked without", ConfigFile)
	}
	timeout := cmp.Or(f.Timeout, polite.DefaultBody)
	return polite.New(polite.Config{
		Contact: f.Contact, Version: version, Dial: dial.Config{Allow: f.Allow}, Every: f.Every, Seed: seed,
		Answer: min(timeout, polite.DefaultAnswer), Body: timeout,
		HTTPProxy: f.Proxy, HTTPSProxy: f.Proxy, NoProxy: f.NoProxy,
	})
}
