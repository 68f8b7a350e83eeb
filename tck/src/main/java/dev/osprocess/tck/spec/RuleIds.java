// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.spec;

import dev.osprocess.tck.Rule;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.platform.commons.support.AnnotationSupport;

/** Which rules a test proves: those of {@link Rule}, and those that its name begins with, as {@code wait13_conc03_…}. */
public final class RuleIds {
    private static final Pattern BEGINNING = Pattern.compile("(?:[a-z]+[0-9]+_)+");
    private static final Pattern WORD = Pattern.compile("([a-z]+)([0-9]{1,4})_");

    private RuleIds() {}

    /** The id of an area and a number as they stand in names: {@code wait}, {@code 13}. Decisions have no hyphen. */
    public static String id(String area, String number) {
        int value = Integer.parseInt(number);
        return area.equals("d")
                ? "D" + value
                : String.format(Locale.ROOT, "%s-%02d", area.toUpperCase(Locale.ROOT), value);
    }

    /** The ids that a method's name begins with. Some may be none: {@code utf8_…} begins like one. */
    public static List<String> ofName(String method) {
        List<String> ids = new ArrayList<>();
        Matcher beginning = BEGINNING.matcher(method);
        if (beginning.lookingAt()) {
            Matcher word = WORD.matcher(beginning.group());
            while (word.find()) {
                ids.add(id(word.group(1), word.group(2)));
            }
        }
        return ids;
    }

    /** All that a test names: by its own annotation or else its class's, and by its name. */
    public static Set<String> of(Class<?> type, Method method) {
        Set<String> ids = new TreeSet<>(ofName(method.getName()));
        AnnotationSupport.findAnnotation(method, Rule.class)
                .or(() -> AnnotationSupport.findAnnotation(type, Rule.class))
                .ifPresent(rule -> ids.addAll(Arrays.asList(rule.value())));
        return ids;
    }
}
