package io.urteil.local.hub;

/**
 * A file of a repository as the hub lists it. The name is untrusted.
 *
 * @param name path in the repository
 * @param size in bytes; -1 if it is not listed
 */
record RepositoryFile(String name, long size) {}
