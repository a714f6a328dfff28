package io.urteil.local.hub;

import java.util.List;
import java.util.Optional;

/**
 * One commit of a model repository.
 *
 * @param commit SHA-1
 * @param files all files, as listed
 * @param baseModel the model that this one was made of, by its model card
 */
record Repository(String commit, List<RepositoryFile> files, Optional<String> baseModel) {
  Repository {
    files = List.copyOf(files);
  }
}
