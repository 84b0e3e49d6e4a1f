"""The tables as the program sees them: what `alembic revision --autogenerate` compares the migrations with."""

from sqlalchemy import DateTime, Enum, ForeignKey, Identity, Index, JSON, Numeric, String, Text, UniqueConstraint, Uuid, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import BigInteger


class Base(DeclarativeBase):
    pass


class Dataset(Base):
    __tablename__ = "datasets"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    created_at = mapped_column(DateTime(timezone=True), server_default=func.now(), nullable=False)


class TrainingData(Base):
    __tablename__ = "training_data"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("datasets.id", ondelete="CASCADE"))
    features = mapped_column(JSON, nullable=False)
    label = mapped_column(Text)


class Model(Base):
    __tablename__ = "models"
    __table_args__ = (UniqueConstraint("name", "version"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    version: Mapped[int]
    dataset_id = mapped_column(ForeignKey("datasets.id"))
    stage = mapped_column(Enum("draft", "live", "retired", name="model_stage"), nullable=False)
    accuracy = mapped_column(Numeric(5, 4), comment="Share of predictions that came true")


class Prediction(Base):
    __tablename__ = "predictions"
    __table_args__ = (Index("idx_predictions_game_id", "game_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    model_id: Mapped[int] = mapped_column(ForeignKey("models.id"))
    game_id = mapped_column(Uuid, nullable=False)
    score = mapped_column(Numeric(6, 5), nullable=False)
    made_at = mapped_column(DateTime(timezone=True), server_default=func.now(), nullable=False)
