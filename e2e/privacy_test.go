package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// canary is a name that nobody has, by which a leak of what clients send is
// found.
const canary = "Xanthippequill"

var (
	words     = regexp.MustCompile(`[\p{L}\p{M}]+`)
	requestID = regexp.MustCompile(`"request_id":"[A-Z2-7]{26}"`) // at random, so that names do occur
)

// The log never tells whom a request was about: not what a client sent, not
// what the record says, whether it goes well or not, and at the most talkative
// level. It never has a key either.
func TestLogsKnowNobody(t *testing.T) {
	t.Parallel()
	const asked = 60
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			db := d.demo(t)
			s := serve(t, db)
			c := s.as(db.key).with("User-Agent", canary).with("X-Request-Id", canary+"@example.com").with("Cookie", "session="+canary)
			people := everything(t, c, "/public/personnel")
			askAbout(t, c, people[:asked])
			db.exec(t, `ALTER TABLE users RENAME TO users_away`)
			askAbout(t, c, people[:asked/4])
			db.exec(t, `ALTER TABLE users_away RENAME TO users`)
			stranger := newKeyOfAnotherCompany(t)
			s.as(stranger).refused(t, get("/public/personnel/"+canary+"%40example.com/email"), http.StatusUnauthorized)

			log := s.log.String()
			if n := strings.Count(log, `"msg":"request"`); n < 5*asked {
				t.Errorf("only %d requests are in the log", n)
			}
			for line := range strings.Lines(log) {
				if strings.Contains(line, "@") || strings.Contains(line, "%40") {
					t.Errorf("an address in the log: %s", line)
				}
			}
			for _, secret := range []string{canary, strings.ToLower(canary), db.key, stranger, db.key[:20], db.key[10:]} {
				if strings.Contains(log, secret) {
					t.Errorf("%q is in the log", secret)
				}
			}
			names := namesOf(people)
			for _, word := range words.FindAllString(requestID.ReplaceAllString(log, ""), -1) {
				if names[fold(word)] {
					t.Errorf("the name %q is in the log", word)
					delete(names, fold(word)) // once is enough
				}
			}
		})
	}
}

// askAbout makes requests that name people, of which some are answered and some
// are not.
func askAbout(t *testing.T, c client, people []record) {
	t.Helper()
	for _, p := range people {
		email := url.PathEscape(p.text("user.email"))
		for _, r := range []call{
			get("/public/personnel/" + email + "/email"),
			get("/public/v2/users/email%3A" + email),
			get("/public/personnel/" + email),           // in the wrong place
			get("/public/" + email + "/" + canary),      // no route at all
			get("/public/personnel?limit=1&q=" + email), // a filter
			get("/public/v2/users?sort=" + canary),      // not a sort
			get("/public/v2/users?size=1&lastName=" + url.QueryEscape(p.text("user.lastName"))),
		} {
			c.do(t, r)
		}
	}
	for _, r := range []call{
		put("/public/personnel/5/status", `{"employmentStatus":"OUT_OF_SCOPE","notHumanReason":"Really `+canary+`"}`),
		put("/public/personnel/5/status", `{"employmentStatus":"`+canary+`"}`),
		put("/public/personnel/5/status", `{"`+canary+`":`),
		put("/public/personnel/"+canary+"/status", `{}`),
		put("/public/user-identities/infrastructure/5/service-account", `{"serviceAccount":true,"serviceAccountReason":"`+canary+`"}`),
		{http.MethodPost, "/public/personnel/" + canary + "/email", canary},
		{strings.ToUpper(canary), "/public/personnel", ""},
		get("/" + canary), get("/public/personnel?q=%zz" + canary),
	} {
		c.do(t, r)
	}
}

// namesOf is the names of people that are long enough not to be any word.
func namesOf(people []record) map[string]bool {
	const least = 4
	out := map[string]bool{}
	for _, p := range people {
		if status := p.text("employmentStatus"); status == "SERVICE_ACCOUNT" || status == "OUT_OF_SCOPE" {
			continue // may be a mailbox or a robot, named with ordinary words
		}
		for _, path := range []string{"user.firstName", "user.lastName"} {
			for _, word := range words.FindAllString(p.text(path), -1) {
				if len([]rune(word)) >= least {
					out[fold(word)] = true
				}
			}
		}
	}
	return out
}

// A key is in no file of the database, and in no row of it; neither is what
// would let somebody make one.
func TestKeysAreNotStored(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			db := d.demo(t)
			keys := []string{db.key}
			for _, scope := range []string{"all", "all:read", "users:get"} {
				keys = append(keys, db.newKey(t, "--scope", scope))
			}
			s := serve(t, db)
			for _, key := range keys {
				s.as(key).get(t, "/public/users/1")
			}
			backup := filepath.Join(t.TempDir(), "copy.backup")
			db.command(t, "backup", backup)
			files := []string{backup}
			if d == sqlite { // while the server runs, so that its write-ahead log is there
				files = append(files, db.file(), db.file()+"-wal")
			}
			for _, file := range files {
				content, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				for i, key := range keys {
					if strings.Contains(string(content), key[len("pmk_"):len("pmk_")+20]) {
						t.Errorf("key %d is in %s", i+1, filepath.Base(file))
					}
				}
			}
			for _, file := range files {
				if info, err := os.Stat(file); err != nil || info.Mode().Perm()&0o077 != 0 {
					t.Errorf("%s can be read by others: %v, %v", filepath.Base(file), info.Mode(), err)
				}
			}
			for _, args := range [][]string{{"key", "list"}, {"key", "list", "--json"}, {"doctor"}, {"company", "show"}} {
				out := db.command(t, args...)
				for i, key := range keys {
					if strings.Contains(out, key[:20]) {
						t.Errorf("key %d is in the output of %s", i+1, fmt.Sprint(args))
					}
				}
			}
		})
	}
}
