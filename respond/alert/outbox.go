package alert

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

// Attempt is one try to bring an alert to one address, to be begun now.
type Attempt struct {
	Person  truce.PersonID
	Contact int // index into the recipient's contacts
	Channel truce.ChannelKind
	Number  int // of the attempt at this contact, from 1
	Party   truce.PartyID
	To      truce.AlertRecipient
}

// Progress says how the bringing of an alert to a person stands.
type Progress string

// The states of a recipient. Unreached is what must be seen: no contact has taken the
// alert so far, or none is left.
const (
	Waiting   Progress = "waiting"    // not released yet, or told only if nobody answers
	Sending   Progress = "sending"    // tries go on
	Reached   Progress = "reached"    // a channel that reaches people took it, or it lies ready where there is no other
	Unreached Progress = "unreached"  // every contact refused it; the slow tries go on
	Lost      Progress = "lost"       // every contact is given up
	NotNeeded Progress = "not_needed" // an answer or a cancellation came before the turn of this office
)

// Status is how the bringing of an alert to one person stands.
type Status struct {
	Person   truce.PersonID
	Progress Progress
	Channel  truce.ChannelKind // over which it was reached, or is being tried
	Tries    int
	Since    truce.Instant // reached then; otherwise the release or the turn
	Next     truce.Instant // when it is tried again; 0: not
	Note     string        // what the last channel said
}

// tries is the state of one contact of one recipient.
type tries struct {
	count  int // attempts so far
	fails  int // refused with a temporary error, which may be tried again
	unsure int // broken off when the other side may have had the message
	lost   int // begun and never heard of again
	open   truce.Instant
	away   truce.Instant // when the first that was not refused was begun
	sent   truce.Instant
	gone   bool // given up
	next   truce.Instant
	note   string
}

// arrivals are the attempts that may have arrived without our knowing.
func (c tries) arrivals() int { return c.unsure + c.lost }

// letter is the state of one recipient.
type letter struct {
	to       truce.AlertRecipient
	planned  truce.Instant // its turn, by the record of the alert
	turn     truce.Instant // the same, or later: see foldTurns
	behind   bool          // those whose turn is before are only about to be told
	contacts []tries
	spare    bool // not needed
	left     bool // the person was withdrawn
	instead  bool // a later alert says how it stands, and none of this one was sent
	begun    bool
	last     truce.Instant // of its records
}

// sheet is an alert with the state of all its letters, folded once.
type sheet struct {
	box     Box
	letters []letter
	groups  []Group                         // of which an answer is asked
	answers map[Group]truce.Acknowledgement // the first that counts
	silent  map[Group]bool                  // recorded so
}

// fold reads the deliveries of an alert into the state of its letters.
func fold(b Box) *sheet {
	s := &sheet{box: b, letters: make([]letter, len(b.Alert.To)), groups: answering(b.Alert)}
	at := make(map[truce.PersonID]int, len(b.Alert.To))
	contacts := 0
	for _, r := range b.Alert.To {
		contacts += len(r.Contacts)
	}
	all := make([]tries, contacts)
	for i, r := range b.Alert.To {
		n := len(r.Contacts)
		s.letters[i] = letter{to: r, planned: b.Alert.Release, turn: b.Alert.Release, contacts: all[:n:n]}
		all = all[n:]
		at[r.Person] = i
	}
	for _, w := range b.Alert.Wakes {
		if person, ok := strings.CutPrefix(w.Name, wakeSend); ok {
			if i, ok := at[truce.PersonID(person)]; ok {
				s.letters[i].planned, s.letters[i].turn = w.Due, w.Due
			}
		}
	}
	for _, d := range b.Deliveries {
		if i, ok := at[d.Person]; ok {
			s.letters[i].apply(d)
		}
	}
	for _, person := range b.Left {
		// What was released to the parties is brought to all of them or to none.
		if i, ok := at[person]; ok && s.letters[i].to.Party == "" {
			s.letters[i].leave()
		}
	}
	s.foldInstead()
	s.foldAnswers()
	s.foldTurns()
	return s
}

// leave gives every contact up that the alert has not been brought to.
func (l *letter) leave() {
	l.left = true
	for i := range l.contacts {
		l.contacts[i].gone = l.contacts[i].gone || l.contacts[i].sent == 0
	}
}

// apply is one step of a delivery. Attempt 0 says that none was needed.
func (l *letter) apply(d truce.Delivery) {
	l.last = max(l.last, d.At)
	if d.Attempt == 0 {
		l.spare = true
		return
	}
	if d.Contact < 0 || d.Contact >= len(l.contacts) {
		return // of a contact this program does not know of
	}
	l.begun = true
	c := &l.contacts[d.Contact]
	if d.Note != "" {
		c.note = d.Note
	}
	if d.State == truce.DeliveryBegun {
		if c.open != 0 && d.Attempt > c.count {
			c.lost++ // the one before was never heard of again
			c.leave(c.open)
		}
		c.count, c.open = max(c.count, d.Attempt), d.At
		return
	}
	if d.Attempt < c.count { // of one that had been taken for lost and counted as arrived
		c.belated(d)
		return
	}
	if d.State == truce.DeliverySent || d.State == truce.DeliveryUnsure {
		c.leave(cmp.Or(c.open, d.At))
	}
	c.open = 0
	c.outcome(d)
}

// leave notes when an attempt was begun that was not refused.
func (c *tries) leave(at truce.Instant) {
	if c.away == 0 {
		c.away = at
	}
}

func (c *tries) outcome(d truce.Delivery) {
	switch d.State {
	case truce.DeliverySent:
		if c.sent == 0 {
			c.sent = d.At
		}
	case truce.DeliveryFailed:
		c.fails++
		c.next = d.Next
	case truce.DeliveryUnsure:
		c.unsure++
		c.next = d.Next
	case truce.DeliveryGivenUp:
		c.gone = true
	}
	c.gone = c.gone || c.arrivals() >= maxArrivals && c.sent == 0
}

func (c *tries) belated(d truce.Delivery) {
	if c.lost == 0 {
		return // it had been heard of
	}
	switch {
	case d.State == truce.DeliverySent && c.sent == 0:
		c.sent = d.At
	case d.State == truce.DeliveryFailed:
		if c.lost--; c.arrivals() == 0 && c.sent == 0 {
			c.away = 0
		}
	case d.State == truce.DeliveryUnsure:
		c.lost, c.unsure = c.lost-1, c.unsure+1
	}
}

// reached says since when the letter is done: a channel that reaches people took it, or,
// where the person has no such contact, it lies ready on every other.
func (l *letter) reached() (truce.Instant, int, bool) {
	reaching, ready, at, which := false, 0, truce.Instant(0), 0
	for i, c := range l.contacts {
		if posted(l.to.Contacts[i].Channel) {
			if c.sent != 0 {
				ready, at, which = ready+1, max(at, c.sent), i
			}
			continue
		}
		if reaching = true; c.sent != 0 {
			return c.sent, i, true
		}
	}
	return at, which, !reaching && ready > 0 && ready == len(l.contacts)
}

// exhausted says that no contact is left that has not refused often enough, been given up, or
// left us unsure while another refused. Slow tries may go on. Who is known to nobody but one
// address that left us unsure may well have it: that is tried once more first.
func (l *letter) exhausted() bool {
	_, _, ok := l.reached()
	return !ok && !l.any(tries.fresh) && (l.any(tries.refused) || !l.any(tries.hopeful))
}

// lost says that every contact was given up.
func (l *letter) lost() bool {
	_, _, ok := l.reached()
	return !ok && !l.any(func(c tries) bool { return !c.gone })
}

// any says whether a contact that counts is so: one that reaches people, or any at all
// where the person has no such contact.
func (l *letter) any(is func(tries) bool) bool {
	reaching := l.reachable()
	for i, c := range l.contacts {
		if reaching && posted(l.to.Contacts[i].Channel) {
			continue
		}
		if is(c) {
			return true
		}
	}
	return false
}

// reachable says whether any contact of the person reaches people.
func (l *letter) reachable() bool {
	return slices.ContainsFunc(l.to.Contacts, func(c truce.Contact) bool { return !posted(c.Channel) })
}

// fresh says that the next contact waits for this one: it has not been refused so often, nor
// left us unsure, that the next has its turn, too.
func (c tries) fresh() bool { return c.hopeful() && c.unsure == 0 }

// refused says that the contact has been refused so often, or is given up.
func (c tries) refused() bool { return c.sent == 0 && !c.hopeful() }

// hopeful says that the contact has not been refused so often that it counts for nothing. One
// that left us unsure may have the message already, and is tried once more.
func (c tries) hopeful() bool { return !c.gone && c.sent == 0 && c.fails < BurstTries }

// ready says whether the contact may be tried at a time.
func (c tries) ready(now truce.Instant) bool {
	if c.gone || c.sent != 0 || c.arrivals() >= maxArrivals {
		return false
	}
	if c.open != 0 {
		return now >= c.open.Add(BegunTimeout) && c.arrivals()+1 < maxArrivals
	}
	return now >= c.next
}

// attempt is what is to be tried now for a letter whose turn it is: the first contact that
// is fresh, and one that rests when its time has come. One at a time.
func (l *letter) attempt(now truce.Instant) (Attempt, bool) {
	if _, _, ok := l.reached(); ok || l.spare {
		return Attempt{}, false
	}
	pick, fresh := -1, false
	for i, c := range l.contacts {
		if c.open != 0 && now < c.open.Add(BegunTimeout) {
			return Attempt{}, false // under way
		}
		if fresh && c.fresh() {
			continue // not its turn: one before it is still being tried
		}
		if c.ready(now) && pick < 0 {
			pick = i
		}
		fresh = fresh || c.fresh() && !posted(l.to.Contacts[i].Channel)
	}
	if pick < 0 {
		return Attempt{}, false
	}
	return Attempt{
		Person: l.to.Person, Contact: pick, Channel: l.to.Contacts[pick].Channel, Number: l.contacts[pick].count + 1,
		Party: l.to.Party, To: l.to,
	}, true
}

// next is when the letter is to be looked at again; false when never.
func (l *letter) next(now truce.Instant) (truce.Instant, bool) {
	if _, _, ok := l.reached(); ok || l.spare || l.lost() {
		return 0, false
	}
	var at truce.Instant
	fresh := false
	for i, c := range l.contacts {
		if c.gone || c.sent != 0 || fresh && c.fresh() && c.open == 0 {
			continue
		}
		due := max(c.next, now)
		if c.open != 0 {
			due = c.open.Add(BegunTimeout)
		}
		if at == 0 || due < at {
			at = due
		}
		fresh = fresh || c.fresh() && !posted(l.to.Contacts[i].Channel)
	}
	return at, at != 0
}

// Plan says which attempts are to be begun now: at most one a recipient, none before the
// release, those to the parties first.
func Plan(b Box, now truce.Instant) []Attempt {
	if now < b.Alert.Release {
		return nil
	}
	return fold(b).plan(now)
}

func (s *sheet) plan(now truce.Instant) []Attempt {
	var parties, others []Attempt
	for i := range s.letters {
		l := &s.letters[i]
		if !l.begun && !s.due(l, now) || l.instead || l.begun && s.holds(l, now) {
			continue
		}
		a, ok := l.attempt(now)
		if ok && l.begun && s.behindOf(l, others) {
			continue // those before it are being tried once more
		}
		switch {
		case ok && a.Party != "":
			parties = append(parties, a)
		case ok:
			others = append(others, a)
		}
	}
	return append(parties, others...)
}

// Begin is the record that precedes an attempt. It wakes whoever is there when its sender
// should have been heard of, and those above not before their step after it.
func Begin(b Box, at Attempt, now truce.Instant) truce.Delivery {
	d := truce.Delivery{
		Alert: b.Alert.ID, Person: at.Person, Contact: at.Contact, Channel: at.Channel, Attempt: at.Number, State: truce.DeliveryBegun, At: now,
		Wakes: []truce.Wake{{Name: sendWake(at.Person), Due: now.Add(BegunTimeout)}},
	}
	if b.Alert.Answer == nil {
		return d
	}
	b.Deliveries = append(slices.Clip(b.Deliveries), d)
	d.Wakes = append(d.Wakes, fold(b).moved(at.Person, now)...)
	return d
}

// Outcome is the record of what became of an attempt, given what was on record when it was
// begun: when it is tried again, or that the contact is given up. Its wakes keep the rest
// of the alert going.
func Outcome(b Box, at Attempt, r Result, now truce.Instant) truce.Delivery {
	d := truce.Delivery{
		Alert: b.Alert.ID, Person: at.Person, Contact: at.Contact, Channel: at.Channel, Attempt: at.Number, State: r.State, At: now,
		Note: cutRunes(oneLine(r.Note), maxNote),
	}
	var before tries
	if s := fold(b); s.letter(at.Person) != nil && at.Contact < len(s.letter(at.Person).contacts) {
		before = s.letter(at.Person).contacts[at.Contact]
	}
	switch {
	case r.State == truce.DeliverySent:
	case r.State == truce.DeliveryUnsure && earlierArrivals(before, at) > 0, r.State == truce.DeliveryFailed && r.Permanent,
		now >= b.Alert.Release.Add(GiveUpAfter) && before.fails+1 >= BurstTries:
		d.State = truce.DeliveryGivenUp
	case r.State == truce.DeliveryUnsure:
		d.Next = now.Add(UnsureRetry)
	default:
		d.State, d.Next = truce.DeliveryFailed, now.Add(pause(before.fails, r.RetryAfter))
	}
	return withWakes(b, d, now)
}

// earlierArrivals are those of attempts before this one, which may itself be on record as
// begun.
func earlierArrivals(c tries, at Attempt) int {
	if c.open != 0 && c.count < at.Number {
		return c.arrivals() + 1
	}
	return c.arrivals()
}

// pause is how long to wait after so many refusals before this one.
func pause(fails int, asked time.Duration) time.Duration {
	wait := SlowRetry
	if fails < len(retryPauses) {
		wait = retryPauses[fails]
	}
	return max(wait, min(asked, maxRetryAfter))
}

// withWakes adds when the recipient is to be looked at again, and calls the next office at
// once when this was the last contact of those before it.
func withWakes(b Box, d truce.Delivery, now truce.Instant) truce.Delivery {
	b.Deliveries = append(slices.Clip(b.Deliveries), d)
	s := fold(b)
	l := s.letter(d.Person)
	if l == nil {
		return d
	}
	wake := truce.Wake{Name: sendWake(d.Person)}
	if due, ok := s.next(l, now); ok {
		wake.Due = due
	} else {
		wake.Done = true
	}
	d.Wakes = append(append(d.Wakes, wake), s.moved(d.Person, now)...)
	return d
}

func (s *sheet) letter(p truce.PersonID) *letter {
	for i := range s.letters {
		if s.letters[i].to.Person == p {
			return &s.letters[i]
		}
	}
	return nil
}

// Tidy lists the steps that need no attempt: contacts given up because the last attempt
// they were allowed was never heard of again, and offices whose turn has come although an
// answer was there before.
func Tidy(b Box, now truce.Instant) []truce.Delivery {
	var out []truce.Delivery
	s := fold(b)
	for i := range s.letters {
		l := &s.letters[i]
		for n, c := range l.contacts {
			if c.open != 0 && now >= c.open.Add(BegunTimeout) && c.arrivals()+1 >= maxArrivals && !c.gone && c.sent == 0 {
				out = append(out, withWakes(b, truce.Delivery{
					Alert: b.Alert.ID, Person: l.to.Person, Contact: n, Channel: l.to.Contacts[n].Channel, Attempt: c.count,
					State: truce.DeliveryGivenUp, At: now, Note: c.givenUpFor(),
				}, now))
			}
		}
		if _, _, reached := l.reached(); l.left && !l.spare && !reached && now >= b.Alert.Release {
			out = append(out, withWakes(b, truce.Delivery{
				Alert: b.Alert.ID, Person: l.to.Person, State: truce.DeliveryGivenUp, At: now, Note: "not sent any more: the person was withdrawn",
			}, now))
			continue
		}
		if note := s.needless(l, now); note != "" {
			out = append(out, truce.Delivery{
				Alert: b.Alert.ID, Person: l.to.Person, State: truce.DeliveryGivenUp, At: now, Note: note,
				Wakes: []truce.Wake{{Name: sendWake(l.to.Person), Done: true}},
			})
		}
	}
	return out
}

// givenUpFor says what became of the two attempts of a contact, of which the last was never
// heard of again.
func (c tries) givenUpFor() string {
	if c.unsure > 0 {
		return "broken off once, then begun and never heard of again: it may have arrived"
	}
	return "begun twice and never heard of again: it may have arrived"
}

// needless says why nothing is sent to somebody whose wake has nothing else to wait for.
func (s *sheet) needless(l *letter, now truce.Instant) string {
	release := s.box.Alert.Release
	switch {
	case l.spare:
		return ""
	case l.instead && now >= release:
		return "not needed: a later alert says how it stands now"
	case l.begun && (l.planned <= release || l.any(tries.mayHave)):
		return ""
	case l.planned <= release, !s.answered(l.to):
		return ""
	case s.box.Cancelled != 0:
		return "not needed: the alert was cancelled before"
	}
	return "not needed: an answer came before"
}

// Statuses says of every recipient how the alert stands with them, in the alert's order.
func Statuses(b Box, now truce.Instant) []Status {
	s := fold(b)
	out := make([]Status, len(s.letters))
	for i := range s.letters {
		out[i] = s.status(&s.letters[i], now)
	}
	return out
}

func (s *sheet) status(l *letter, now truce.Instant) Status {
	st := Status{Person: l.to.Person, Since: l.turn, Progress: Sending}
	for i, c := range l.contacts {
		st.Tries += c.count
		if c.count > 0 {
			st.Channel, st.Note = l.to.Contacts[i].Channel, c.note
		}
	}
	st.Next, _ = s.next(l, now)
	at, which, reached := l.reached()
	switch {
	case reached:
		st.Progress, st.Since, st.Channel, st.Next = Reached, at, l.to.Contacts[which].Channel, 0
	case l.spare, l.instead:
		st.Progress, st.Next = NotNeeded, 0
	case now < s.box.Alert.Release, !l.begun && !s.due(l, now):
		st.Progress, st.Next = Waiting, l.turn
		if l.planned > s.box.Alert.Release && s.answered(l.to) {
			st.Progress, st.Next = NotNeeded, 0
		}
	case l.lost():
		st.Progress = Lost
	case l.exhausted():
		st.Progress = Unreached
	}
	return st
}

// Age is how long the oldest recipient who should have been reached has been waiting; 0
// when everybody was reached.
func Age(b Box, now truce.Instant) time.Duration {
	var age time.Duration
	for _, st := range Statuses(b, now) {
		if st.Progress == Sending || st.Progress == Unreached || st.Progress == Lost {
			age = max(age, now.Sub(st.Since))
		}
	}
	return age
}
