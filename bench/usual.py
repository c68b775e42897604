"""The usual way, to be measured beside: FastAPI, an async ORM, a commit a request, on SQLite.

What a tutorial would build: a key looked up, a usage row counted, an item kept. No search index, no
tallies, no rollups; the same durability (WAL, synchronous=FULL).
"""

import argparse
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import uvicorn
from fastapi import FastAPI, Header, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy import JSON, ForeignKey, Index, event, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

KEY = "mbk_usual"
PROJECT = "usual"


class Base(DeclarativeBase):
    """All tables."""


class Project(Base):
    """A project with its key and what it has used."""

    __tablename__ = "projects"
    id: Mapped[str] = mapped_column(primary_key=True)
    api_key: Mapped[str] = mapped_column(unique=True)
    used: Mapped[int] = mapped_column(default=0)


class Item(Base):
    """A piece of feedback."""

    __tablename__ = "feedback"
    __table_args__ = (Index("by_project", "project_id", "created_at"), Index("by_status", "status"))
    id: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"))
    message: Mapped[str]
    context: Mapped[dict[str, Any]] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(default="NEW")
    created_at: Mapped[datetime]


class Draft(BaseModel):
    """A body."""

    message: str = Field(min_length=1, max_length=10_000)
    context: dict[str, Any] = {}


def application(file: Path) -> FastAPI:
    """Build it on a new file."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{file}")
    event.listen(engine.sync_engine, "connect", _set_up)
    sessions = async_sessionmaker(engine, expire_on_commit=False)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        async with sessions() as session:
            session.add(Project(id=PROJECT, api_key=KEY, used=0))
            await session.commit()
        yield
        await engine.dispose()

    app = FastAPI(lifespan=life)

    @app.get("/healthz")
    async def health() -> dict[str, str]:
        return {}

    @app.post("/api/projects/{project_id}/feedback", status_code=201)
    async def create(
        project_id: str, draft: Draft, x_api_key: Annotated[str, Header()]
    ) -> dict[str, Any]:
        async with sessions() as session:
            found = select(Project).where(Project.api_key == x_api_key)
            project = (await session.execute(found)).scalar_one_or_none()
            if project is None or project.id != project_id:
                raise HTTPException(403, "Invalid API key")
            project.used = Project.used + 1
            item = Item(
                id=str(uuid.uuid4()),
                project_id=project_id,
                message=draft.message,
                context=draft.context,
                status="NEW",
                created_at=datetime.now(UTC),
            )
            session.add(item)
            await session.commit()
        return {"data": _shown(item)}

    return app


def _set_up(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}")


def _shown(item: Item) -> dict[str, Any]:
    shown = {"id": item.id, "message": item.message, "context": item.context}
    return {**shown, "status": item.status, "createdAt": item.created_at}


def main() -> None:
    """Serve on 127.0.0.1 with what the product is served with."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--file", type=Path, required=True)
    chosen = parser.parse_args()
    app = application(chosen.file)
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=chosen.port,
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
    )


if __name__ == "__main__":
    main()
