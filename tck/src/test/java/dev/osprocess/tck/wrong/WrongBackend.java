// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.wrong;

import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import dev.osprocess.spi.ExitEvents;
import dev.osprocess.spi.ProcessBackend;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Target;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A backend with one mistake.
 *
 * @param name what is wrong, in words
 * @param rule the rule that it breaks
 * @param backend makes it
 */
record WrongBackend(String name, String rule, Supplier<ProcessBackend> backend) {
    @Override
    public String toString() {
        return name + " (" + rule + ")";
    }

    /** What a target is replaced by. */
    @FunctionalInterface
    interface Hold {
        ForwardingTarget of(Target real, boolean started);
    }

    /** What becomes of a state on its way from the system. */
    @FunctionalInterface
    interface Told {
        ProcessState instead(ProcessState state) throws ProcessException;
    }

    /** The mistake is in how a process is held. */
    static WrongBackend holding(String name, String rule, Hold hold) {
        return new WrongBackend(name, rule, () -> new ForwardingBackend() {
            @Override
            Target hold(Target held, boolean started) {
                return hold.of(held, started);
            }
        });
    }

    /** The mistake is in what the end of a process is said to be. */
    static WrongBackend telling(String name, String rule, Told told) {
        return holding(name, rule, (real, started) -> new ForwardingTarget(real) {
            @Override
            public @Nullable ProcessState collect() throws ProcessException {
                ProcessState state = real.collect();
                return state == null ? null : told.instead(state);
            }
        });
    }

    /** The mistake is in what is started. */
    static WrongBackend starting(String name, String rule, UnaryOperator<StartRequest> edit) {
        return new WrongBackend(name, rule, () -> new ForwardingBackend() {
            @Override
            public Target start(StartRequest request) throws ProcessException {
                return super.start(edit.apply(request));
            }
        });
    }

    /** The mistake is in the events. */
    static WrongBackend watching(String name, String rule, UnaryOperator<ExitEvents> events) {
        return new WrongBackend(name, rule, () -> watched(new ForwardingBackend(), events));
    }

    /** The same in pid mode. */
    static WrongBackend watchingByNumber(String name, String rule, UnaryOperator<ExitEvents> events) {
        return new WrongBackend(name, rule, () -> watched(new ForwardingBackend(ForwardingBackend.byNumber()), events));
    }

    private static ProcessBackend watched(ProcessBackend real, UnaryOperator<ExitEvents> events) {
        return new ForwardingBackend(real) {
            @Override
            Target hold(Target held, boolean started) {
                return held; // wrapped below
            }

            @Override
            public ExitEvents exitEvents() throws ProcessException {
                return events.apply(real.exitEvents());
            }
        };
    }
}
