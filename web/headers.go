package web

import (
	"io"
	"net"
	"net/http"
	"strings"
)

// policy allows our own style and pictures and nothing else: no script runs, nothing
// is fetched from a third party, no page frames ours.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Secure sets the headers of every answer and lets nothing but reading through. refused
// answers the rest with 405, nil in a few plain words.
func Secure(next, refused http.Handler) http.Handler {
	if refused == nil {
		refused = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, readingOnly, http.StatusMethodNotAllowed)
		})
	}
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		setPolicy(w.Header())
		if req.Method != http.MethodGet && req.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			refused.ServeHTTP(w, req)
			return
		}
		next.ServeHTTP(w, req)
	})
}

// SecureForms is Secure for a site with sign-in: people send forms to it, and no answer is
// kept by anything between.
func SecureForms(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		setPolicy(w.Header())
		// A browser sends the origin along with a form, which is how forms of strangers are
		// told from our own; links to elsewhere carry nothing.
		w.Header().Set("Referrer-Policy", "same-origin")
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, req)
	})
}

func setPolicy(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "geolocation=(), camera=(), microphone=()")
}

const readingOnly = "These pages are for reading only."

// LocalOnly answers only requests that name a loopback host, so that a page of a
// stranger cannot reach the desk through a name that resolves to this machine.
func LocalOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if loopback(req.Host) {
			next.ServeHTTP(w, req)
			return
		}
		http.Error(w, "The desk answers on this machine only: use http://localhost.", http.StatusForbidden)
	})
}

// loopback says whether a Host header, with or without a port, names this machine.
func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// Icon is asked for by browsers on pages that name none, such as a Daily.
const Icon = "/favicon.ico"

// Assets serves the style and the icon under /assets/; what is not there is left to the
// page that says so.
func Assets(missing http.HandlerFunc) http.Handler {
	style := pageStyle()
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		switch path := req.URL.Path; {
		case style.Serve(w, path):
		case path == "/assets/icon.svg" || path == Icon:
			w.Header().Set("Content-Type", "image/svg+xml")
			w.Header().Set("Cache-Control", cached)
			// The client may have gone; there is nobody to tell.
			_, _ = io.WriteString(w, icon)
		default:
			missing(w, req)
		}
	})
}
