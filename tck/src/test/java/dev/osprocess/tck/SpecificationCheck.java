// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck;

import dev.osprocess.tck.spec.RuleIds;
import dev.osprocess.tck.spec.Specification;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Holds docs/specification.md and the tests together: what the one says of the others must be true, both ways. */
final class SpecificationCheck {
    /** How many rules each area has. An id is never given up or used again; a new one goes to the end. */
    static final Map<String, Integer> COUNTS = counts();

    private static final Pattern PROOF = Pattern.compile("`([a-z-]+/[A-Z]\\w*)(?:#(\\w+\\*?))?`");
    private static final Pattern QUOTED = Pattern.compile("`[^`]*`");
    private static final Set<String> LINUX = Set.of("both", "pidfd", "pid", "–");
    private static final String STATES =
            "one of 'kept: `module/Class#method`', 'kept, untested: REASON', 'deviates: WHY' and 'not yet: AREA'";
    private static final List<String> NOT_YET = List.of("system attributes", "command layer");

    private final Map<String, Integer> counts;
    private final TestSources tests;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Integer> next = new TreeMap<>();

    /** Every id, with the state of its row; empty for ids that are only named. */
    private final Map<String, String> states = new LinkedHashMap<>();

    private SpecificationCheck(Map<String, Integer> counts, TestSources tests) {
        this.counts = counts;
        this.tests = tests;
    }

    private static Map<String, Integer> counts() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put("ID", 18);
        counts.put("START", 52);
        counts.put("STATE", 18);
        counts.put("WAIT", 34);
        counts.put("SIG", 26);
        counts.put("REL", 15);
        counts.put("HND", 10);
        counts.put("PS", 22);
        counts.put("CONC", 18);
        counts.put("OLD", 20);
        counts.put("ERR", 17);
        return counts;
    }

    /** What is wrong, in words for whoever must repair it; empty if nothing is. */
    static List<String> problems(
            String specification, String notTested, Map<String, Integer> counts, TestSources tests) {
        SpecificationCheck check = new SpecificationCheck(counts, tests);
        Specification.rows(specification).forEach(check::readRow);
        check.checkComplete();
        check.checkClaims();
        check.checkNotTested(notTested);
        check.checkKit();
        return check.problems;
    }

    private void readRow(Specification.Row row) {
        String where = "line " + row.line() + ": ";
        String id = row.id();
        List<String> cells = row.cells();
        if (row.anchor() == null) {
            problems.add(where + id + " has no anchor; begin its row with <a id=\"" + id.toLowerCase(Locale.ROOT)
                    + "\"></a>");
            return;
        }
        if (!id.toLowerCase(Locale.ROOT).equals(row.anchor())) {
            problems.add(where + id + " has the anchor '" + row.anchor() + "'; links need '"
                    + id.toLowerCase(Locale.ROOT) + "'");
        }
        String area = id.replaceFirst("-?[0-9]+$", "");
        if (!counts.containsKey(area)) {
            states.put(id, ""); // a decision, or an id of an area that is not specified here
            return;
        }
        if (!checkPlace(where, area, id)) {
            return;
        }
        if (cells.size() != Specification.CELLS) {
            problems.add(
                    where + id + " has " + cells.size()
                            + " cells; a rule has eight: id, rule, why, linux, windows, bsd, jdk, state (write 'or' for a bar)");
            states.put(id, "");
            return;
        }
        String state = cells.get(Specification.CELLS - 1);
        states.put(id, state);
        if (cells.get(1).isBlank() || cells.get(2).isBlank()) {
            problems.add(where + id + " lacks its rule or its why; write them");
        }
        if (!LINUX.contains(cells.get(3))) {
            problems.add(where + id + " has '" + cells.get(3) + "' for linux; write both, pidfd, pid or –");
        }
        checkState(where, id, state);
    }

    private boolean checkPlace(String where, String area, String id) {
        int number = Integer.parseInt(id.substring(area.length() + 1));
        int expected = next.getOrDefault(area, 1);
        if (states.containsKey(id)) {
            problems.add(where + id + " is there twice; a new rule gets a number of its own at the end of its area");
            return false;
        }
        if (number > counts.getOrDefault(area, 0)) {
            problems.add(where + id + " is more than the " + counts.get(area) + " rules of " + area
                    + "; a new rule needs its count raised in SpecificationCheck");
        } else if (number != expected) {
            problems.add(where + id + " stands where " + RuleIds.id(area, Integer.toString(expected))
                    + " is expected; rows are never renumbered and stand in order");
        }
        next.put(area, number + 1);
        return true;
    }

    private void checkState(String where, String id, String state) {
        List<String> proofs = checkProofs(where, id, state);
        if (state.startsWith("kept: ")) {
            Matcher quoted = QUOTED.matcher(state);
            while (quoted.find()) {
                if (!PROOF.matcher(quoted.group()).matches()) {
                    problems.add(where + id + " names " + quoted.group()
                            + ", which is not of the form `module/Class#method`; write it so");
                }
            }
            if (proofs.isEmpty()) {
                problems.add(where + id + " is kept without a proof; name a test as `module/Class#method`, or say"
                        + " 'kept, untested: REASON'");
            }
        } else if (state.startsWith("not yet: ")) {
            if (!NOT_YET.contains(state.substring("not yet: ".length()))) {
                problems.add(where + id + " waits for '" + state.substring("not yet: ".length()) + "'; write one of "
                        + String.join(", ", NOT_YET));
            }
        } else if (!state.matches("(?:kept, untested|deviates): \\S.*")) {
            problems.add(where + id + " has the state '" + state + "'; write " + STATES);
        }
    }

    private List<String> checkProofs(String where, String id, String state) {
        List<String> proofs = new ArrayList<>();
        Matcher proof = PROOF.matcher(state);
        while (proof.find()) {
            proofs.add(proof.group());
            String method = proof.group(2);
            if (!tests.hasClass(proof.group(1))) {
                problems.add(where + id + " names " + proof.group()
                        + ", and there is no such class; correct the row, or write the test");
            } else if (method != null && !tests.hasMethod(proof.group(1), method)) {
                problems.add(where + id + " names " + proof.group()
                        + ", and the class has no such method; correct the row, or write the test");
            }
        }
        return proofs;
    }

    private void checkComplete() {
        for (Map.Entry<String, Integer> area : counts.entrySet()) {
            for (int number = 1; number <= area.getValue(); number++) {
                String id = RuleIds.id(area.getKey(), Integer.toString(number));
                if (!states.containsKey(id)) {
                    problems.add(id + " is missing; a rule that is given up keeps its row, with a state that says so");
                }
            }
        }
    }

    /** A name can begin like {@code utf8_} without meaning a rule. */
    private boolean isArea(String id) {
        String area = id.replaceFirst("[0-9]+$", "");
        return states.keySet().stream().anyMatch(known -> known.startsWith(area));
    }

    private void checkClaims() {
        Set<String> stale = new HashSet<>();
        for (TestSources.Claim claim : tests.claims()) {
            String state = states.get(claim.id());
            if (state == null && (claim.tagged() || isArea(claim.id()))) {
                problems.add(claim.test() + " names " + claim.id()
                        + ", which docs/specification.md does not have; correct the test, or add the id there");
            } else if (state != null && state.startsWith("kept, untested") && stale.add(claim.id())) {
                problems.add(claim.id() + " is said to be untested, and " + claim.test()
                        + " names it; make the row 'kept: `" + claim.test() + "`'");
            }
        }
    }

    /** Every line of not-tested.tsv is about a rule that no test of the kit names, in the specification's order. */
    private void checkNotTested(String notTested) {
        List<String> order = List.copyOf(states.keySet());
        Set<String> seen = new HashSet<>();
        int last = -1;
        for (String line : notTested.lines().filter(text -> !text.isBlank()).toList()) {
            int tab = line.indexOf('\t');
            String id = tab < 0 ? line : line.substring(0, tab);
            String where = "not-tested.tsv: " + id;
            if (tab < 0 || line.substring(tab).isBlank()) {
                problems.add(where + " has no reason; write the id, a tab, and why no test of the kit can show it");
            }
            if (states.getOrDefault(id, "").isEmpty()) {
                problems.add(where + " is no rule of docs/specification.md; correct the line, or take it out");
                continue;
            }
            if (!seen.add(id)) {
                problems.add(where + " is there twice; keep one line");
            } else if (order.indexOf(id) < last) {
                problems.add(where + " stands too late; the lines follow the order of docs/specification.md");
            }
            last = Math.max(last, order.indexOf(id));
            kitTest(id).ifPresent(test -> problems.add(where + " is tested by " + test + "; take the line out"));
        }
    }

    /** The rules that neither a test of the kit nor a line of not-tested.tsv answers for. */
    static List<String> unanswered(
            String specification, String notTested, Map<String, Integer> counts, TestSources tests) {
        SpecificationCheck check = new SpecificationCheck(counts, tests);
        Specification.rows(specification).forEach(check::readRow);
        List<String> unanswered = new ArrayList<>();
        check.states.forEach((id, state) -> {
            if (!state.isEmpty()
                    && check.kitTest(id).isEmpty()
                    && notTested.lines().noneMatch(line -> line.startsWith(id + "\t"))) {
                unanswered.add(id);
            }
        });
        return unanswered;
    }

    /** A row that names a test of the kit as its proof: the runner must know of it, by the test's own word. */
    private void checkKit() {
        states.forEach((id, state) -> {
            Matcher proof = PROOF.matcher(state);
            while (state.startsWith("kept: ") && proof.find()) {
                if (tests.isKit(proof.group(1)) && kitTest(id).isEmpty()) {
                    problems.add(id + " is kept by " + proof.group() + ", and no test of the kit names it; add it to"
                            + " the test's @Rule");
                    return;
                }
            }
        });
    }

    private Optional<String> kitTest(String id) {
        return tests.claims().stream()
                .filter(claim -> claim.id().equals(id) && tests.isKit(claim.test()))
                .map(TestSources.Claim::test)
                .findFirst();
    }
}
