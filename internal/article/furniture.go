package article

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// phrases are lines that pages put around their articles, folded, in the languages read
// here most. They are furniture wherever they stand.
var phrases = []string{
	"support the website", "support the site", "support our work", "write your comment", "write a comment",
	"leave a comment", "leave a reply", "add a comment", "post a comment", "no comments yet", "share this article",
	"share this story", "share this page", "share on facebook", "share on twitter", "share on x", "share on telegram",
	"print this page", "related articles", "related news", "related stories", "most read", "most popular",
	"read also", "read more", "see also", "view full coverage", "view full coverage on google news",
	"cookie policy", "privacy policy", "terms of use", "terms of service", "all rights reserved", "back to top",
	"skip to content", "skip to main content", "article continues below", "continue reading",
	"advertisement", "advertising", "реклама",
	"підтримати сайт", "написати коментар", "залишити коментар", "читайте також", "читати також", "усі права захищені",
	"поддержать сайт", "написать комментарий", "оставить комментарий", "читайте также", "все права защищены",
}

// menuWords are furniture only at the end of a text or above its headline: elsewhere a
// single word may be a subheading.
var menuWords = []string{
	"support", "donate", "categories", "menu", "home", "search", "share", "print", "comments", "comment", "related",
	"tags", "subscribe", "facebook", "twitter", "telegram", "instagram", "youtube", "rss",
	"категорії", "меню", "головна", "пошук", "поділитися", "коментарі",
	"категории", "главная", "поиск", "поделиться", "комментарии",
}

// openings begin a line of furniture of at most maxFurnitureWords words that is no
// sentence.
var openings = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(follow us|follow .*\b(on|account|accounts|channel|page|pages)\b|` +
		`subscribe to |sign up (for|to) |share on |read also: |see also: |read more: |tags: |copyright |\(c\) |© ?|` +
		`join (us|our) |comments? \(\d+\)|source: |publisher: |` +
		`читайте також: |читайте также: |підписуйтесь на |подписывайтесь на |джерело: |источник: )`)
})

// isPhrase says whether a whole line is page furniture.
func isPhrase(text string) bool {
	if len(strings.Fields(text)) > maxFurnitureWords || isSentence(text) && !copyrightOf().MatchString(text) {
		return false
	}
	return isExactPhrase(text) || openings().MatchString(Fold(text))
}

func isExactPhrase(text string) bool { return slices.Contains(phrases, bare(text)) }

func isMenuWord(text string) bool { return slices.Contains(menuWords, bare(text)) }

// bare is a line without the marks that buttons carry.
func bare(text string) string { return strings.Trim(Fold(text), " .:!»›>*|-") }

// isSentence says whether a line belongs to running text: it ends with a full stop, a
// closing quote or bracket allowed, or is long. "Charter 97!" and "Will it hold?" are not:
// headlines and menus end like that too.
func isSentence(text string) bool {
	n := len(strings.Fields(text))
	return n >= sentenceWords || n >= minHeadlineWords && strings.HasSuffix(strings.TrimRight(text, `"'”’»)]`), ".")
}

var (
	saysPublisher = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^(?:source|publisher|джерело|источник): *(.{2,60})$`)
	})
	copyrightOf = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^(?:copyright|©|\(c\))[ ©]*(?:\d{4})?(?:[-–]\d{4})?[ ,]*(\p{L}.{1,59}?)(?:[.,]? all rights reserved)?\.?$`)
	})
	followSite = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^follow ([\p{L}\d-]+(?:\.[\p{L}\d-]+)*\.\p{L}{2,})[ ,]`)
	})
)

// statedPublisher is who publishes the page, by its own furniture: "Source: X", a
// copyright line, or the site that asks to be followed.
func statedPublisher(lines []line) string {
	for _, form := range []*regexp.Regexp{saysPublisher(), copyrightOf(), followSite()} {
		for _, l := range lines {
			if l.role != isFurniture {
				continue
			}
			if m := form.FindStringSubmatch(l.Text); m != nil {
				return strings.TrimSpace(m[1])
			}
		}
	}
	return ""
}
