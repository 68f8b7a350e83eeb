// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules of docs/specification.md, in its order, and why the kit does not test some of them. */
public final class Specification {
    /** How many cells a rule has: id, rule, why, linux, state. */
    public static final int CELLS = 8;

    private static final Pattern AREA = Pattern.compile("## ([A-Z]+): (.+)");
    private static final Pattern ID = Pattern.compile("(?:<a id=\"([^\"]*)\"></a>)?([A-Z]+-?[0-9]+)");

    private final Map<String, String> areas;
    private final Map<String, SpecifiedRule> rules;
    private final Map<String, String> notTested;

    private Specification(Map<String, String> areas, Map<String, SpecifiedRule> rules, Map<String, String> notTested) {
        this.areas = areas;
        this.rules = rules;
        this.notTested = notTested;
    }

    /**
     * A row whose first cell is an id.
     *
     * @param line where it stands, from 1
     * @param area the area under whose heading it stands; empty if it stands under none
     * @param anchor what links to it; null if it has none
     * @param id its id
     * @param cells all its cells, the first one too
     */
    public record Row(int line, String area, @Nullable String anchor, String id, List<String> cells) {
        /** Copies the cells. */
        public Row {
            cells = List.copyOf(cells);
        }
    }

    /** What this kit was built with. */
    public static Specification load() {
        return parse(resource("/dev/osprocess/tck/specification.md"), resource("/dev/osprocess/tck/not-tested.tsv"));
    }

    /**
     * Reads it. Rows that are no rules are left out, also malformed ones: what is wrong with them is for the build to say.
     *
     * @param markdown docs/specification.md
     * @param notTested lines of a rule's id, a tab, and why the kit cannot test it
     */
    public static Specification parse(String markdown, String notTested) {
        Map<String, SpecifiedRule> rules = new LinkedHashMap<>();
        for (Row row : rows(markdown)) {
            if (row.id().startsWith(row.area() + "-") && row.cells().size() == CELLS) {
                List<String> cells = row.cells();
                rules.put(
                        row.id(),
                        new SpecifiedRule(row.id(), row.area(), cells.get(1), cells.get(2), cells.get(CELLS - 1)));
            }
        }
        return new Specification(areas(markdown), rules, reasons(notTested));
    }

    /** All rows that begin with an id, with an anchor or without. */
    public static List<Row> rows(String markdown) {
        List<Row> rows = new ArrayList<>();
        String area = "";
        String[] lines = markdown.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            Matcher heading = AREA.matcher(line);
            if (line.startsWith("## ")) {
                area = heading.matches() ? heading.group(1) : "";
            } else if (line.startsWith("|")) {
                List<String> cells = Arrays.stream(
                                line.substring(1).replaceFirst("\\|$", "").split("\\|", -1))
                        .map(String::trim)
                        .toList();
                Matcher id = ID.matcher(cells.get(0));
                if (id.matches()) {
                    rows.add(new Row(i + 1, area, id.group(1), id.group(2), cells));
                }
            }
        }
        return rows;
    }

    private static Map<String, String> areas(String markdown) {
        Map<String, String> areas = new LinkedHashMap<>();
        markdown.lines()
                .map(AREA::matcher)
                .filter(Matcher::matches)
                .forEach(heading -> areas.put(heading.group(1), heading.group(2).strip()));
        return areas;
    }

    /** The lines of not-tested.tsv, in their order. A line without a reason gets an empty one. */
    public static Map<String, String> reasons(String notTested) {
        Map<String, String> reasons = new LinkedHashMap<>();
        notTested.lines().filter(line -> !line.isBlank()).forEach(line -> {
            int tab = line.indexOf('\t');
            String id = tab < 0 ? line.strip() : line.substring(0, tab).strip();
            reasons.put(id, tab < 0 ? "" : line.substring(tab + 1).strip());
        });
        return reasons;
    }

    /** A text of this kit; empty if there is none of that name. */
    private static String resource(String name) {
        try (InputStream in = Specification.class.getResourceAsStream(name)) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The areas in their order: {@code WAIT}, and what it is about. */
    public Map<String, String> areas() {
        return new LinkedHashMap<>(areas);
    }

    /** All rules, in their order. */
    public List<SpecifiedRule> rules() {
        return List.copyOf(rules.values());
    }

    /** The rule of this id. */
    public Optional<SpecifiedRule> rule(String id) {
        return Optional.ofNullable(rules.get(id));
    }

    /** Why no test of the kit shows this rule. */
    public String reason(SpecifiedRule rule) {
        return notTested.getOrDefault(rule.id(), rule.reason());
    }
}
