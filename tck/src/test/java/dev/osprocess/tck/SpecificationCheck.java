// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Holds docs/specification.md and the tests together: what the one says of the others must be true, both ways. */
final class SpecificationCheck {
    /** How many rules each area has. An id is never given up or used again; a new one goes to the end. */
    static final Map<String, Integer> COUNTS = counts();

    private static final Pattern NAMED = Pattern.compile("<a id=\"([^\"]*)\"></a>([A-Z]+-?[0-9]+)");
    private static final Pattern PROOF = Pattern.compile("`([a-z-]+/[A-Z]\\w*)(?:#(\\w+\\*?))?`");
    private static final Pattern QUOTED = Pattern.compile("`[^`]*`");
    private static final Set<String> LINUX = Set.of("both", "pidfd", "pid", "–");
    private static final String STATES =
            "one of 'kept: `module/Class#method`', 'kept, untested: REASON', 'deviates: WHY' and 'not yet: AREA'";
    private static final List<String> NOT_YET =
            List.of("Windows", "BSD", "JDK fallback", "system attributes", "conformance kit", "command layer");

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
        counts.put("ERR", 17);
        return counts;
    }

    /** What is wrong, in words for whoever must repair it; empty if nothing is. */
    static List<String> problems(String specification, Map<String, Integer> counts, TestSources tests) {
        SpecificationCheck check = new SpecificationCheck(counts, tests);
        check.read(specification);
        check.checkComplete();
        check.checkClaims();
        return check.problems;
    }

    /** The id of an area and a number, as tests write them in their names: {@code wait}, {@code 13}. */
    static String id(String area, String number) {
        int value = Integer.parseInt(number);
        return area.equals("d")
                ? "D" + value
                : String.format(Locale.ROOT, "%s-%02d", area.toUpperCase(Locale.ROOT), value);
    }

    private void read(String specification) {
        String[] lines = specification.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].startsWith("|")) {
                readRow("line " + (i + 1) + ": ", lines[i]);
            }
        }
    }

    private void readRow(String where, String line) {
        String[] cells = line.split("\\|", -1);
        Matcher named = NAMED.matcher(cells[1].trim());
        if (!named.matches()) {
            Matcher bare = Pattern.compile("[A-Z]+-?[0-9]+").matcher(cells[1].trim());
            if (bare.matches()) {
                problems.add(where + bare.group() + " has no anchor; begin its row with <a id=\""
                        + bare.group().toLowerCase(Locale.ROOT) + "\"></a>");
            }
            return; // a head, or a table of something else
        }
        String id = named.group(2);
        if (!named.group(1).equals(id.toLowerCase(Locale.ROOT))) {
            problems.add(where + id + " has the anchor '" + named.group(1) + "'; links need '"
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
        if (cells.length != 7) {
            problems.add(where + id + " has " + (cells.length - 2)
                    + " cells; a rule has five: id, rule, why, linux, state (write 'or' for a bar)");
            states.put(id, "");
            return;
        }
        String state = cells[5].trim();
        states.put(id, state);
        if (cells[2].isBlank() || cells[3].isBlank()) {
            problems.add(where + id + " lacks its rule or its why; write them");
        }
        if (!LINUX.contains(cells[4].trim())) {
            problems.add(where + id + " has '" + cells[4].trim() + "' for linux; write both, pidfd, pid or –");
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
            problems.add(where + id + " stands where " + id(area, Integer.toString(expected))
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
                String id = id(area.getKey(), Integer.toString(number));
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
}
