// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck;

import dev.osprocess.spi.Capability;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a test needs of the subject. Where a capability is missing, the kit does not run the test's body but proves the
 * refusal instead, and the rule counts as REFUSED. Where the platform cannot show it, the rule is NOT-TESTED, by name.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Needs {
    /** Capabilities of the backend. */
    Capability[] value() default {};

    /** What the kit can look at on the platform. */
    Sight[] sight() default {};
}
