// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

/**
 * The backend cannot do what was asked for. Thrown before anything is started, so nothing is half done
 * (START-52, ERR-11).
 */
public final class UnsupportedFeatureException extends UnsupportedOperationException {
    private static final long serialVersionUID = 1L;

    private final String feature;
    private final String backend;

    /**
     * For engine and backends.
     *
     * @param feature what was asked for
     * @param backend the name of the backend that lacks it
     * @param remedy what the caller can do instead
     */
    public UnsupportedFeatureException(String feature, String backend, String remedy) {
        super("the backend '" + backend + "' does not support " + feature + ": " + remedy + " ["
                + ErrorKind.UNSUPPORTED.help() + "]");
        this.feature = feature;
        this.backend = backend;
    }

    /** Always {@link ErrorKind#UNSUPPORTED}. */
    public ErrorKind kind() {
        return ErrorKind.UNSUPPORTED;
    }

    /** What was asked for. */
    public String feature() {
        return feature;
    }

    /** The name of the backend that lacks it. */
    public String backend() {
        return backend;
    }
}
