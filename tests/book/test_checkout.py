"""The repository and the branch that a page's buttons open."""

import subprocess

import pytest

from helpers.book.checkout import branch_name, repository_address


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """An empty repository in place of the book's, and no word from the environment."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    for name in ["GITHUB_REPOSITORY", "GITHUB_REF_NAME"]:
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/someone/a-fork.git", "https://github.com/someone/a-fork"),
        ("git@github.com:someone/a.fork.git", "https://github.com/someone/a.fork"),
        ("https://github.com/someone/book/", "https://github.com/someone/book"),
        ("/srv/git/book.git", ""),
        ("https://example.org/someone/book.git", ""),
    ],
)
def test_repository_comes_from_the_remote(checkout, remote, address):
    subprocess.run(["git", "-C", str(checkout), "remote", "add", "origin", remote], check=True)
    assert repository_address(checkout) == address


def test_no_remote_means_no_repository(checkout):
    assert repository_address(checkout) == ""


def test_the_runner_goes_before_the_remote(checkout, monkeypatch):
    remote = "https://github.com/someone/book"
    subprocess.run(["git", "-C", str(checkout), "remote", "add", "origin", remote], check=True)
    monkeypatch.setenv("GITHUB_REPOSITORY", "other/fork")
    assert repository_address(checkout) == "https://github.com/other/fork"


def test_branch_comes_from_the_runner(checkout, monkeypatch):
    assert branch_name() == "main"
    monkeypatch.setenv("GITHUB_REF_NAME", "lesson-3")
    assert branch_name() == "lesson-3"


@pytest.mark.parametrize("name", ['x" onclick="alert(1)', "<b>", "a b", "-x", "?a=1", "é", ""])
def test_a_branch_that_would_have_to_be_escaped_counts_as_none(name, monkeypatch):
    monkeypatch.setenv("GITHUB_REF_NAME", name)
    assert branch_name() == "main"
