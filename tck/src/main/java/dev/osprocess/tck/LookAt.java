// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Where a porter looks first when this test fails, in terms of the SPI: printed with the failure. On a class it holds for
 * every test in it that names none of its own.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface LookAt {
    /** A method of the SPI and what it owes: {@code Target.collect: null while it runs}. */
    String value();
}
