package gate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// CheckExpectation reads what somebody expects of a subject: a condition over its facts and the metrics, or plain words, of which
// nobody but a person can say whether they came true. The facts must be installed.
func (p Policy) CheckExpectation(ctx context.Context, db *sql.DB, of, text string) (words bool, err error) {
	_, _, err = p.expectation(ctx, db, of, text)
	if errors.Is(err, errNotSQL) {
		return true, nil
	}
	return false, err
}

// expectation is the condition, and the relation that it is over. A metric is named as it is written: cost-per-ticket < 0.40.
func (p Policy) expectation(ctx context.Context, db *sql.DB, of, text string) (condition, string, error) {
	relation := "(SELECT f.*"
	names := factNames(of)
	ids := []string{}
	for _, m := range p.Metrics.Metrics {
		ids = append(ids, m.ID)
	}
	slices.SortFunc(ids, func(a, b string) int { return len(b) - len(a) }) // a name may begin with another
	for _, id := range ids {
		relation += fmt.Sprintf(", (SELECT value FROM unit_costs u WHERE u.metric = %s AND u.month_start = f.month) AS %s", quote(id), ident(id))
		names = append(names, id)
	}
	relation += " FROM " + view(of) + " f)"
	c, err := parse(ctx, db, of, relation, names, quotedMetrics(text, ids))
	return c, relation, err
}

// quotedMetrics writes the ids of metrics as SQL names, where they are not yet.
func quotedMetrics(text string, ids []string) string {
	var b strings.Builder
	for text != "" {
		i := slices.IndexFunc(ids, func(id string) bool { return strings.HasPrefix(text, id) })
		switch {
		case text[0] == '"' || text[0] == '\'':
			end := strings.IndexByte(text[1:], text[0])
			if end < 0 {
				return b.String() + text
			}
			b.WriteString(text[:end+2])
			text = text[end+2:]
		case i >= 0:
			b.WriteString(ident(ids[i]))
			text = text[len(ids[i]):]
		default:
			b.WriteByte(text[0])
			text = text[1:]
		}
	}
	return b.String()
}

// cameTrue says whether an expectation holds in a month.
func (p Policy) cameTrue(ctx context.Context, db *sql.DB, of, subject, text string, month time.Time) (string, error) {
	c, relation, err := p.expectation(ctx, db, of, text)
	if errors.Is(err, errNotSQL) {
		return "in words: a person has to say", nil
	}
	if err != nil {
		return "", err
	}
	var holds sql.NullBool
	err = db.QueryRowContext(ctx, "SELECT "+c.sql+" FROM "+relation+" WHERE scenario = 0 AND subject = "+quote(subject)+" AND month = "+timestamp(month)).Scan(&holds)
	switch {
	case errors.Is(err, sql.ErrNoRows) || err == nil && !holds.Valid:
		return "cannot judge", nil
	case err != nil:
		return "", err
	case holds.Bool:
		return "came true", nil
	}
	return "did not come true", nil
}
