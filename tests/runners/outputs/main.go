// Reads outputs of a step as Harness does, by both of its dotenv readers, and compares them with
// the JSON report of the same run:
//
//	outputs <outputs.env> <report.json>
package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"strconv"

	two "github.com/harness/godotenv/v2"
	four "github.com/harness/godotenv/v4"
)

type row map[string]any

type report struct {
	Summary row   `json:"summary"`
	Images  []row `json:"images"`
}

func main() {
	outputs, file := os.Args[1], os.Args[2]
	var whole report
	read(file, &whole)
	readers := map[string]func(...string) (map[string]string, error){"v2": two.Read, "v4": four.Read}
	var first map[string]string
	for name, reader := range readers {
		found, err := reader(outputs)
		check(err == nil, "%s: %v", name, err)
		if first == nil {
			first = found
		}
		check(maps.Equal(first, found), "the readers differ: %q and %q", first, found)
		compare(name, found, whole)
	}
	fmt.Printf("%d outputs, read alike by godotenv v2.0.0 and v4.0.2\n", len(first))
}

// compare holds what a reader found against the report.
func compare(reader string, found map[string]string, whole report) {
	check(found["FAILED"] == fmt.Sprint(whole.Summary["failed"]), "%s: FAILED=%s", reader, found["FAILED"])
	counts := map[string]string{
		"UNSUPPORTED_COUNT": "unsupported", "OVERDUE_COUNT": "overdue", "UNVERIFIED_COUNT": "unverified",
	}
	for output, verdict := range counts {
		count, err := strconv.Atoi(found[output])
		check(err == nil && float64(count) == whole.Summary[verdict], "%s: %s=%q", reader, output, found[output])
	}
	var brief report
	err := json.Unmarshal([]byte(found["REPORT"]), &brief)
	check(err == nil, "%s: REPORT: %v: %s", reader, err, found["REPORT"])
	check(len(brief.Images) > 0, "%s: REPORT has no row", reader)
	for _, image := range brief.Images {
		check(has(whole.Images, image), "%s: not in the report: %v", reader, image)
	}
}

func has(rows []row, expected row) bool {
	for _, candidate := range rows {
		same := true
		for key, value := range expected {
			same = same && reflect.DeepEqual(value, candidate[key])
		}
		if same {
			return true
		}
	}
	return false
}

func read(file string, into any) {
	content, err := os.ReadFile(file)
	check(err == nil, "%v", err)
	err = json.Unmarshal(content, into)
	check(err == nil, "%s: %v", file, err)
}

func check(isRight bool, format string, values ...any) {
	if !isRight {
		fmt.Fprintf(os.Stderr, format+"\n", values...)
		os.Exit(1)
	}
}
