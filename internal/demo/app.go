package demo

import (
	"strconv"

	"github.com/passmuster/passmuster/internal/workforce"
)

// appNames are the applications that are found on devices.
var appNames = []string{
	"1Password", "Acrobat Reader", "Docker Desktop", "Dropbox", "Excel", "Figma", "Firefox", "GitHub Desktop", "Google Chrome",
	"IntelliJ IDEA", "Keynote", "Microsoft Defender", "Microsoft Teams", "Notion", "Outlook", "Postman", "PowerPoint", "Safari",
	"Slack", "Spotify", "Terminal", "Thunderbird", "Visual Studio Code", "VLC", "Wireshark", "Word", "Zoom",
}

// apps are the applications on the i-th device of user n; nil, if its source
// does not list them. The company's own agent does, of some devices, and of the
// founders' any source: they are those of the samples.
func (c *Company) apps(n, i int, dev *workforce.Device) []workforce.App {
	d := c.dice(topicApp, 8*n+i)
	if !dev.Active() || n > founders && (dev.SourceType != "AGENT" || !d.percent(40)) {
		return nil
	}
	out := make([]workforce.App, 0, len(appNames))
	step := 2 + d.below(3)
	for place := d.below(step); place < len(appNames); place += step {
		version := strconv.Itoa(1+d.below(24)) + "." + strconv.Itoa(d.below(10))
		app := workforce.App{Name: appNames[place]}
		switch chance := d.below(100); {
		case chance < 60:
			app.Version = &version
		case chance < 80: // some sources put it into the name
			app.Name += " " + version
		}
		out = append(out, app)
	}
	return out
}
