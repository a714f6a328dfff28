"""A stub of the Hugging Face hub with one model, which the client of huggingface_hub accepts.

Weights are redirected to another host, as the hub does for large files.
"""

import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

NAME = "org/tiny"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
OTHER = "89abcdef0123456789abcdef0123456789abcdef"


def git_hash(content):
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def is_large(name):
    return name.endswith((".safetensors", ".bin", ".gguf"))


class Hub:
    """Serves `files`, by name, at the branch main and the tag v1."""

    def __init__(self, files):
        self.files = files
        self.revisions = {"main": COMMIT, "v1": OTHER, "refs/pr/1": OTHER, COMMIT: COMMIT, OTHER: OTHER}
        self.gated = False
        #: Bytes after which the next answers with weights end, one for each.
        self.cuts = []
        #: Seconds before each answer with weights.
        self.delay = 0
        #: (method, path, on the other host, authorization, range)
        self.requests = []
        self.hub = self.start(False)
        self.storage = self.start(True)

    def start(self, storage):
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                path = unquote(urlsplit(self.path).path)
                stub.requests.append(
                    (self.command, path, storage, self.headers["Authorization"], self.headers["Range"]))
                if storage:
                    time.sleep(stub.delay)
                    self.content(stub.files[path[1:]], cut=stub.cuts.pop(0) if stub.cuts else None)
                else:
                    stub.answer(self, path)

            do_HEAD = do_GET

            def content(self, body, headers=(), cut=None):
                asked = self.headers["Range"]
                start = int(asked.split("=")[1].rstrip("-").split("-")[0]) if asked else 0
                self.send_response(206 if asked else 200)
                if asked:
                    self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
                self.send_header("Content-Length", str(len(body) - start))
                for name, value in headers:
                    self.send_header(name, value)
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body[start:] if cut is None else body[start:start + cut])
                    self.wfile.flush()
                    self.close_connection = cut is not None

            def status(self, status, *headers):
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    @property
    def url(self):
        return f"http://127.0.0.1:{self.hub.server_port}"

    def answer(self, handler, path):
        api, pages = f"/api/models/{NAME}/", f"/{NAME}/resolve/"
        if not path.startswith((api, pages)):
            handler.status(401, ("X-Error-Code", "RepoNotFound"), ("X-Error-Message", "Repository not found"))
        elif path.startswith(api):
            kind, _, revision = path[len(api):].partition("/")
            self.list(handler, kind, self.revisions.get(revision))
        else:
            revision, _, file = path[len(pages):].rpartition("/")
            self.resolve(handler, self.revisions.get(revision), file)

    def list(self, handler, kind, commit):
        if commit is None:
            handler.status(404, ("X-Error-Code", "RevisionNotFound"))
        elif kind == "revision":
            siblings = [{"rfilename": name, **self.blob(name)} for name in self.files]
            handler.content(json.dumps({
                "id": NAME, "modelId": NAME, "sha": commit, "private": False, "tags": [], "downloads": 0,
                "gated": "auto" if self.gated else False, "siblings": siblings,
            }).encode(), [("Content-Type", "application/json")])
        else:
            tree = []
            for name, content in self.files.items():
                entry = {"type": "file", "path": name, "oid": git_hash(content), "size": len(content)}
                if is_large(name):
                    entry["lfs"] = {
                        "oid": hashlib.sha256(content).hexdigest(), "size": len(content), "pointerSize": 130}
                tree.append(entry)
            handler.content(json.dumps(tree).encode(), [("Content-Type", "application/json")])

    def blob(self, name):
        content = self.files[name]
        blob = {"size": len(content), "blobId": git_hash(content)}
        if is_large(name):
            blob["lfs"] = {
                "sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "pointerSize": 130}
        return blob

    def resolve(self, handler, commit, file):
        if self.gated and handler.headers["Authorization"] != "Bearer hf_accepted":
            handler.status(
                401 if handler.headers["Authorization"] is None else 403, ("X-Error-Code", "GatedRepo"))
        elif commit is None:
            handler.status(404, ("X-Error-Code", "RevisionNotFound"))
        elif file not in self.files:
            handler.status(404, ("X-Error-Code", "EntryNotFound"), ("X-Repo-Commit", commit))
        elif is_large(file):
            content = self.files[file]
            handler.status(
                302,
                ("X-Repo-Commit", commit),
                ("X-Linked-Etag", f'"{hashlib.sha256(content).hexdigest()}"'),
                ("X-Linked-Size", str(len(content))),
                ("Location", f"http://127.0.0.1:{self.storage.server_port}/{file}?signature=s"))
        else:
            content = self.files[file]
            handler.content(content, [("X-Repo-Commit", commit), ("ETag", f'"{git_hash(content)}"')])

    def close(self):
        self.hub.shutdown()
        self.storage.shutdown()
