"""The clients of storages, chosen by an address's scheme, and what they refuse, as a line for a person."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from corpus_tool.model.errors import CorpusToolError
from corpus_tool.model.secrecy import masked

#: The package that speaks to a scheme's storages, and the extra of ours that installs it.
PACKAGES: Mapping[str, tuple[str, str]] = {"gs": ("gcsfs", "gcs"), "s3": ("s3fs", "s3")}

#: What a client is told when it is made. No listing is remembered: others write there too, our own processes among
#: them. Four parts of a file at once take 64 MiB; s3fs would send ten.
_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "gs": {"use_listings_cache": False},
    "s3": {"use_listings_cache": False, "max_concurrency": 4},
}

#: Packages whose exceptions are the storage's word and no mistake of ours.
_CLIENTS = frozenset({"aiobotocore", "aiohttp", "botocore", "fsspec", "gcsfs", "google", "requests", "s3fs", "urllib3"})

#: Exceptions that say that nobody told the client who it is.
_NOBODY = frozenset({"NoCredentialsError", "PartialCredentialsError", "DefaultCredentialsError", "ProfileNotFound"})


def require_client(scheme: str, address: str) -> None:
    """Refuses an address that no client which is installed speaks to.

    Raises:
        CorpusToolError: one line that says what to install.
    """
    package, extra = PACKAGES.get(scheme, ("fsspec", ""))
    if find_spec(package) is None:
        raise CorpusToolError(f'{address}: needs the package {package}: pip install "corpus-tool[{extra}]"')
    from fsspec.registry import get_filesystem_class

    try:
        get_filesystem_class(scheme)
    except (ImportError, ValueError) as error:
        raise CorpusToolError(f"{address}: no storage is known by {scheme}://: {error}") from error


def client_of(scheme: str, authority: str) -> Any:
    """The file system of fsspec for a scheme, which it keeps, one for each thread of each process.

    Credentials, region and endpoint are what the client finds by itself (``AWS_…``, its configuration files); none is
    ever given here.

    Args:
        scheme: in lower case.
        authority: the bucket or the host.
    """
    import fsspec
    from fsspec.registry import get_filesystem_class

    if scheme in PACKAGES:
        return fsspec.filesystem(scheme, **_OPTIONS[scheme])
    return fsspec.filesystem(scheme, **get_filesystem_class(scheme)._get_kwargs_from_urls(f"{scheme}://{authority}/"))


def is_refusal(error: Exception) -> bool:
    """Whether an exception is a storage's word, and no mistake of ours."""
    return isinstance(error, OSError) or type(error).__module__.partition(".")[0] in _CLIENTS


def reason_of(error: Exception, address: str, needs: str) -> str:
    """Why a storage refused and what to do about it, in one line without secrets.

    Args:
        error: what its client raised.
        address: the address that was asked for.
        needs: what credentials must allow: "list and read".
    """
    scheme, _, rest = address.partition("://")
    words = " ".join(str(getattr(error, "strerror", None) or error).split()) or type(error).__name__
    if type(error).__name__ == "ParamValidationError" and "bucket name" in words:
        return f"{rest.partition('/')[0]!r} is no name of a bucket"
    if scheme in PACKAGES:
        words = words.rstrip(".") + _advice(error, rest.partition("/")[0], needs)
        if isinstance(error, PermissionError):
            words = f"refused: {words}"
    return masked(words)


def _advice(error: Exception, bucket: str, needs: str) -> str:
    if type(error).__name__ in _NOBODY:
        return "; set the environment's variables, or log in with the store's own client"
    if isinstance(error, PermissionError):
        return f"; the credentials need to {needs} there"
    if isinstance(error, FileNotFoundError):
        return f"; if there is no bucket {bucket}, make it first, with the policy that you want"
    return ""
