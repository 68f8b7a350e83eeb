// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The rules of the specification that a test proves: {@code @Rule("WAIT-13")}, {@code @Rule({"REL-03", "STATE-02"})}.
 * On a class it holds for every test in it that names none of its own.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Rule {
    /** Rule ids, as in docs/specification.md. */
    String[] value();
}
