package demo

import "github.com/passmuster/passmuster/internal/workforce"

// department is a part of the company.
type department struct {
	name   string
	head   string // title of who leads it
	titles []string
	builds bool // works on the product: has accounts where it is made and run
	cares  bool // sees health data
	trains bool // works with machine learning
}

// departments are the parts of the company; user 2 leads the first, and so on.
var departments = []*department{
	{name: "Technology", head: "CTO", builds: true, trains: true, titles: []string{
		"Principal Engineer", "Staff Engineer", "Research Engineer", "Developer Advocate",
	}},
	{name: "Finance", head: "CFO", titles: []string{
		"Accountant", "Financial Analyst", "Payroll Specialist", "Controller", "Tax Specialist",
	}},
	{name: "People", head: "Chief People Officer", cares: true, titles: []string{
		"Recruiter", "People Partner", "Benefits Specialist", "Learning Specialist", "Office Manager",
	}},
	{name: "Security", head: "CISO", builds: true, titles: []string{
		"Security Engineer", "Compliance Analyst", "Incident Responder", "Identity Engineer",
	}},
	{name: "Sales", head: "VP Sales", titles: []string{
		"Account Executive", "Sales Engineer", "Sales Development Representative", "Account Manager",
	}},
	{name: "Marketing", head: "VP Marketing", titles: []string{
		"Content Writer", "Campaign Manager", "Brand Designer", "Events Manager", "Market Researcher",
	}},
	{name: "Product", head: "VP Product", builds: true, cares: true, trains: true, titles: []string{
		"Product Manager", "Product Analyst", "Technical Writer", "Program Manager",
	}},
	{name: "Customer Success", head: "VP Customer Success", cares: true, titles: []string{
		"Support Engineer", "Customer Success Manager", "Onboarding Specialist", "Support Agent",
	}},
	{name: "Engineering", head: "VP Engineering", builds: true, cares: true, trains: true, titles: []string{
		"Software Engineer", "Senior Software Engineer", "Test Engineer", "Mobile Developer", "Front-end Developer",
	}},
	{name: "IT", head: "Head of IT", builds: true, titles: []string{
		"Systems Administrator", "Help Desk Technician", "Network Engineer", "IT Support Specialist",
	}},
	{name: "Legal", head: "General Counsel", titles: []string{
		"Counsel", "Paralegal", "Contracts Manager", "Privacy Counsel",
	}},
	{name: "Data", head: "VP Data", builds: true, cares: true, trains: true, titles: []string{
		"Data Engineer", "Data Scientist", "Analytics Engineer", "Machine Learning Engineer",
	}},
	{name: "Design", head: "Head of Design", titles: []string{
		"Product Designer", "UX Researcher", "Illustrator", "Content Designer",
	}},
	{name: "Infrastructure", head: "VP Infrastructure", builds: true, trains: true, titles: []string{
		"Site Reliability Engineer", "Platform Engineer", "Database Administrator", "Cloud Engineer",
	}},
}

// The company is a tree that is known from the numbers alone: 1 leads it, the
// next lead the departments, then come the managers under each head (in the
// proportions of headDeck), and from there everybody leads up to teamSize.
const (
	lastHead       = 15
	managersPerRun = 4
	teamSize       = 8
)

// headDeck says how many managers each department gets of a run of 28; the
// values are places in departments.
var headDeck = deckOf(
	cards[int]{0, 3}, cards[int]{1, 1}, cards[int]{2, 1}, cards[int]{3, 1}, cards[int]{4, 4},
	cards[int]{5, 2}, cards[int]{6, 2}, cards[int]{7, 3}, cards[int]{8, 4}, cards[int]{9, 1},
	cards[int]{10, 1}, cards[int]{11, 1}, cards[int]{12, 1}, cards[int]{13, 3},
)

// lastUnderHead is the last user who reports to a head.
var lastUnderHead = lastHead + managersPerRun*len(headDeck)

// parent is the place above n in the tree, whoever sits there.
func parent(n int) int {
	switch {
	case n <= 1:
		return 0
	case n <= lastHead:
		return 1
	case n <= lastUnderHead:
		return 2 + headDeck[(n-lastHead-1)*9%len(headDeck)] // 9 is coprime to 28: the deck is stirred
	default:
		return lastHead + 1 + (n-lastUnderHead-1)/teamSize
	}
}

// leads reports whether places below n are taken.
func (c *Company) leads(n int) bool {
	if n <= lastHead {
		return c.people > n
	}
	return lastUnderHead+1+(n-lastHead-1)*teamSize <= c.people
}

// team is the department of user n; nil for who leads the company.
func (c *Company) team(n int) *department {
	for n > lastHead {
		n = parent(n)
	}
	if n < 2 {
		return nil
	}
	return departments[n-2]
}

// managerOf is the nearest employee above n who is here now; 0 for none.
func (c *Company) managerOf(n int) int {
	if s := c.status(n); s == workforce.OutOfScope || s == workforce.ServiceAccountStatus || s == workforce.UnknownStatus {
		return 0
	}
	for up := parent(n); up > 0; up = parent(up) {
		if c.status(up) == workforce.CurrentEmployee {
			return up
		}
	}
	return 0
}

// titleOf is the job title of a person; "" where nobody told.
func (c *Company) titleOf(p *profile, d dice) string {
	chance := d.below(100)
	switch {
	case p.n == 1:
		return "CEO"
	case p.n <= lastHead:
		return p.team.head
	case p.status == workforce.UnknownStatus:
		return ""
	case p.status == workforce.OutOfScope:
		return pick(d, []string{"Board Member", "External Auditor", "Advisor"})
	case c.leads(p.n) && p.n <= lastUnderHead:
		return "Director, " + p.team.name
	case c.leads(p.n):
		return "Team Lead, " + p.team.name
	case chance < 3:
		return ""
	case chance < 10:
		return p.team.name + " Intern"
	default:
		return pick(d, p.team.titles)
	}
}
